import Diagnostics
import Foundation
import Planning

/// The checkpoints of a run: `last`, from which it can go on, and `best`, whose weights are tested.
public struct CheckpointStore: Sendable {
  private let last: CheckpointFolder
  private let best: CheckpointFolder
  private let metadata: [String: String]

  private static let weights = "weights.safetensors"
  private static let optimizer = "optimizer.safetensors"
  private static let state = "state.json"

  /// - Parameters:
  ///   - folder: an existing folder.
  ///   - metadata: free text by key that is kept in the files of weights: what must be known to use them.
  public init(folder: String, metadata: [String: String] = [:]) {
    self.metadata = metadata
    last = CheckpointFolder(parent: folder, name: "last", keepsOld: true)
    best = CheckpointFolder(parent: folder, name: "best", keepsOld: false)
  }

  /// Saves weights (with the model's states), optimizer, average and state as `last`, and before that the validated weights as `best` where
  /// `isBest`.
  ///
  /// - Throws: `DiagnosticFailure` (`run.write_failed`); what was saved before then still stands.
  public func save(_ trainer: Trainer, _ state: TrainingState, isBest: Bool) throws {
    // `best` first: should the process die between the two, the epoch is trained again from `last` and gives the same.
    if isBest {
      try best.replace { folder in
        try Safetensors(trainer.keptTensors, metadata: metadata).write(to: "\(folder)/\(CheckpointStore.weights)")
        let summary: JSON = ["epoch": .optional(state.best?.epoch), "value": .optional(state.best?.value)]
        try AtomicFile.write(summary.text(), to: "\(folder)/\(CheckpointStore.state)")
      }
    }
    try last.replace { folder in
      try Safetensors(trainer.executor.parameters.tensors, metadata: metadata)
        .write(to: "\(folder)/\(CheckpointStore.weights)")
      try Safetensors(trainer.stateTensors).write(to: "\(folder)/\(CheckpointStore.optimizer)")
      try AtomicFile.write(state.json.text(), to: "\(folder)/\(CheckpointStore.state)")
    }
  }

  /// Takes a trainer to where `last` was saved, and puts that in its place where a process died on the way.
  ///
  /// - Returns: whether there was something to go on from, and a warning for each damaged checkpoint that was passed over.
  /// - Throws: `DiagnosticFailure`: `run.checkpoint_damaged` where there are checkpoints but none is whole,
  ///   `run.checkpoint_mismatch` where it is of another model, `run.write_failed`.
  public func restore(_ trainer: Trainer) throws -> (restored: Bool, warnings: [Diagnostic]) {
    guard let found = try last.settle() else {
      if last.isEmpty { return (false, []) }
      throw damaged("last")
    }
    let path = "\(found.folder)/\(CheckpointStore.weights)"
    try trainer.executor.parameters.load(try Safetensors.read(path), from: path)
    let optimizerPath = "\(found.folder)/\(CheckpointStore.optimizer)"
    try trainer.loadState(try Safetensors.read(optimizerPath), from: optimizerPath)
    guard let bytes = FileManager.default.contents(atPath: "\(found.folder)/\(CheckpointStore.state)"),
      let json = try? JSON.parse(bytes), let state = TrainingState(json: json)
    else { throw damaged("last") }
    trainer.restore(state)
    return (true, found.damaged.map(passedOver))
  }

  /// Loads the weights of `best`.
  ///
  /// - Returns: a warning for each damaged checkpoint that was passed over.
  /// - Throws: `DiagnosticFailure`: `run.checkpoint_missing` where no epoch was kept, `run.checkpoint_damaged`,
  ///   `run.checkpoint_mismatch`.
  public func loadBest(into parameters: ModelParameters) throws -> [Diagnostic] {
    let found = try readBest()
    try parameters.load(found.weights, from: found.path)
    return found.warnings
  }

  /// Reads the weights of `best`, and where they were read from.
  ///
  /// - Returns: with them a warning for each damaged checkpoint that was passed over.
  /// - Throws: `DiagnosticFailure`: `run.checkpoint_missing` where no epoch was kept, `run.checkpoint_damaged`.
  func readBest() throws -> (weights: Safetensors, path: String, warnings: [Diagnostic]) {
    guard let found = best.newest() else {
      if !best.isEmpty { throw damaged("best") }
      throw DiagnosticFailure([
        Diagnostic(
          "run.checkpoint_missing", "there is no checkpoint in '\(best.parent)'",
          detail:
            "No epoch was finished and kept: the run has not come that far, or its validation loss was never a number.")
      ])
    }
    let path = "\(found.folder)/\(CheckpointStore.weights)"
    return (try Safetensors.read(path), path, found.damaged.map(passedOver))
  }

  /// The folders of checkpoints whose files do not have their digests.
  ///
  /// - Parameter isFinished: whether the run has come to its end: then the checkpoint before the last is whole, too.
  func damaged(isFinished: Bool) -> [String] { last.damaged(andOld: isFinished) + best.damaged(andOld: false) }

  private func passedOver(_ folder: String) -> Diagnostic {
    Diagnostic(
      "run.checkpoint_passed_over", .warning, "the checkpoint '\(folder)' is damaged; the one before it is used",
      detail: "Its files do not have the digests of its manifest.")
  }

  private func damaged(_ name: String) -> DiagnosticFailure {
    DiagnosticFailure([
      Diagnostic(
        "run.checkpoint_damaged", "the checkpoint '\(last.parent)/\(name)' is damaged, and there is no other",
        detail: "Its files do not have the digests of its manifest. Start the run over with --force.")
    ])
  }
}
