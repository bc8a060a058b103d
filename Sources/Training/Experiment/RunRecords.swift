import Corpus
import Diagnostics
import Foundation
import Spec
import TensorRuntime

/// Writes the records of a run directory. Every file is written whole; only `train.log` grows.
struct RunRecords {
  let directory: RunDirectory
  let spec: ExperimentSpec
  let settings: ExperimentRun.Settings
  private let started = Date()

  init(directory: RunDirectory, spec: ExperimentSpec, settings: ExperimentRun.Settings) {
    self.directory = directory
    self.spec = spec
    self.settings = settings
  }

  /// Writes what is known before the first step: the spec, the machine, the sets.
  ///
  /// - Throws: `DiagnosticFailure`: `run.data_changed` where a run that goes on would get other clips than it had.
  func begin(list: ClipList, split: Split, source: ClipFeatures, standards: [FeatureStandard]) throws {
    try directory.folder("splits")
    let audio = source.audioDigests
    let sets = [("train", split.train), ("val", split.val), ("test", split.test)]
    let files = sets.map { name, indices in
      (path: directory.file("splits/\(name).csv"), text: RunTables.split(indices, clips: list.clips, audio: audio))
    }
    for file in files {
      if let before = FileManager.default.contents(atPath: file.path), before != Data(file.text.utf8) {
        throw DiagnosticFailure([
          Diagnostic(
            "run.data_changed", "the corpus has other clips than when '\(directory.path)' was started",
            detail:
              "\(file.path) lists other clips, labels or digests of audio files. Bring the corpus back to what it was, or start over with --force."
          )
        ])
      }
    }
    // What follows is no longer what a finished run's digests say.
    try status(.running, TrainingState())
    if let given = FileManager.default.contents(atPath: settings.specPath) {
      try AtomicFile.write(given, to: directory.file("spec.yaml"))
    }
    try AtomicFile.write(resolvedText(spec, origins: true), to: directory.file("spec.resolved.yaml"))
    let libraries = try EnvironmentRecord.numericLibraries()
    var environment =
      EnvironmentRecord(version: settings.version, threads: settings.threads, libraries: libraries).json.asObject ?? []
    if list.clips.contains(where: { $0.audio == .synthesized }) {
      environment.append(("note", .string(RunSummary.synthesizedNote)))
    }
    try AtomicFile.write(JSON.object(environment).text(), to: directory.file("env.json"))
    for file in files { try AtomicFile.write(file.text, to: file.path) }
    try AtomicFile.write(
      CSV.text(header: ["file", "reason"], rows: source.leftOut.map { [$0.file, $0.reason] }),
      to: directory.file("splits/left_out.csv"))
    if !standards.isEmpty {
      try AtomicFile.write(standards.json.text(), to: directory.file("standardize.json"))
    }
    let first = RunFingerprints.read(directory.path)?.firstLoss
    try RunFingerprints(features: source.digests(of: split.train + split.val + split.test), firstLoss: first)
      .write(to: directory.path)
  }

  /// Writes the loss of the first step, by which a run that is made again is known early.
  func firstStep(loss: Double) throws {
    guard var fingerprints = RunFingerprints.read(directory.path), fingerprints.firstLoss == nil else { return }
    fingerprints.firstLoss = loss
    try fingerprints.write(to: directory.path)
  }

  /// Writes the figures so far.
  func update(_ state: TrainingState) throws {
    if !state.history.isEmpty {
      try AtomicFile.write(RunTables.metricsCSV(state.history), to: directory.file("metrics.csv"))
      try AtomicFile.write(RunTables.metricsJSONL(state.history), to: directory.file("metrics.jsonl"))
    }
    try status(.running, state)
  }

  func interrupted(_ state: TrainingState) throws { try status(.interrupted, state) }

  /// Writes the end: predictions, summary, status.
  func finish(_ results: RunResults, summary: RunSummary) throws {
    try AtomicFile.write(
      RunTables.predictions(results.test, clips: results.clips, classNames: results.classNames),
      to: directory.file("predictions.csv"))
    try AtomicFile.write(summary.json.text(), to: directory.file("summary.json"))
    append(summary.text)
    try RunManifest.write(directory.path)
    try status(.finished, results.state)
  }

  /// Says in the status that the run failed, if that can still be written.
  func failed(_ message: String) {
    append("failed: \(message)")
    guard var record = try? StatusRecord.read(directory.file("status.json")) else { return }
    record.state = .failed
    record.message = message
    record.updatedAt = Date()
    try? record.write(to: directory.file("status.json"))
  }

  /// Adds a trainer's event to `train.log`.
  func log(_ event: Trainer.Event) {
    switch event {
    case .started(let state, let steps):
      append("\(state.totalSteps == 0 ? "started" : "resumed after step \(state.totalSteps)"): \(steps) steps an epoch")
    case .step, .trained: break
    case .epochFinished(let record, let isBest):
      let figures = record.columns.map { "\($0.name) \(String(format: "%.6g", $0.value))" }.joined(separator: "  ")
      append("epoch \(record.epoch)  \(figures)\(isBest ? "  (kept)" : "")")
    case .stoppedEarly(let epoch, let waited):
      append("stopped early after epoch \(epoch): \(waited) epochs without improvement")
    case .diverged(let epoch, let step):
      append("diverged: the loss of epoch \(epoch), step \(step) is not a number")
    }
  }

  private func status(_ state: StatusRecord.State, _ training: TrainingState) throws {
    try StatusRecord(
      state: state, epoch: training.epoch, epochs: spec.train.epochs.value, bestEpoch: training.best?.epoch,
      startedAt: started
    ).write(to: directory.file("status.json"))
  }

  /// The log is for people: failing to write it does not stop a run.
  private func append(_ text: String) {
    let stamp = Date().formatted(.iso8601)
    let lines = text.split(separator: "\n").map { "\(stamp)  \($0)\n" }.joined()
    let path = directory.file("train.log")
    guard let file = fopen(path, "a") else { return }
    fputs(lines, file)
    fclose(file)
  }
}
