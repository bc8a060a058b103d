import Corpus
import Diagnostics
import Foundation
import Planning
import Spec
import TensorRuntime

/// The model of a run with the weights of its kept epoch.
///
/// All it needs comes from the run's directory: the resolved spec, `checkpoints/best`, and in that checkpoint what `standardize`
/// had fitted on the training clips.
public final class TrainedModel {
  /// The run's directory as it was given, without a slash at its end.
  public let directory: String
  public let spec: ExperimentSpec
  /// In index order.
  public let classNames: [String]
  /// What was odd about its records.
  public let warnings: [Diagnostic]
  let graph: LayerGraph
  let executor: Executor
  let standards: [FeatureStandard]
  /// Where the weights were read from.
  let weightsPath: String

  /// Reads the run `directory`.
  ///
  /// - Throws: `DiagnosticFailure`: `data.not_a_run`, `data.run_damaged`, `run.checkpoint_missing`, `run.checkpoint_damaged`,
  ///   `run.checkpoint_mismatch`, what is wrong with its spec, `run.blas_missing`.
  public init(run directory: String, threads: Int) throws {
    _ = try loadBLAS()
    let (path, spec) = try RunReader.spec(directory)
    self.directory = path
    self.spec = spec
    classNames = spec.corpus.classes.map(\.name)
    graph = try ModelDescription(spec).graph
    let best = try CheckpointStore(folder: "\(path)/checkpoints").readBest()
    let parameters = ModelParameters(graph)
    try parameters.load(best.weights, from: best.path)
    executor = Executor(graph: graph, parameters: parameters, pool: WorkerPool(threads: threads))
    weightsPath = best.path
    warnings = best.warnings
    standards =
      try best.weights.metadata["standardize"].map { text in
        guard let json = try? JSON.parse(Array(text.utf8)), let standards = [FeatureStandard](json: json) else {
          throw RunDamage.of(best.path, "does not say what standardize has fitted")
        }
        return standards
      } ?? []
  }

  /// Makes the executor's loss that of the training, whose clips' classes balanced weights go by.
  ///
  /// - Parameter labels: the class index of each training clip.
  func useTrainingLoss(labels: [Int]) {
    executor.loss = LossSettings(spec.train.loss).loss(classes: classNames, labels: labels)
  }
}

extension RunReader {
  /// The run directory that `argument` names, and its resolved spec; the run need not be finished.
  ///
  /// - Throws: `DiagnosticFailure`: `data.not_a_run`, `data.run_damaged` where the spec is not that of the run's name, what is wrong with
  ///   the spec.
  static func spec(_ argument: String) throws -> (path: String, spec: ExperimentSpec) {
    var path = argument
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard isRun(path), FileManager.default.fileExists(atPath: "\(path)/spec.resolved.yaml") else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.not_a_run", "'\(argument)' is no run directory",
          detail: "A run directory has spec.resolved.yaml and checkpoints: 'serspec run' makes it.")
      ])
    }
    if let damaged = RunManifest.damaged(path).first(where: { $0.hasSuffix("spec.resolved.yaml") }) {
      throw RunDamage.of("\(path)/\(damaged)", "is not the file that the run wrote: its digest is another")
    }
    let resolution = resolve(path: "\(path)/spec.resolved.yaml", vocabulary: .standard)
    guard let spec = resolution.spec else { throw DiagnosticFailure(resolution.diagnostics) }
    return (path, spec)
  }
}
