import Corpus
import Diagnostics
import Planning

/// What a trained model says of sound files.
public struct FilePredictions: Sendable {
  /// Of one file.
  public struct Prediction: Sendable {
    public let file: String
    /// The class of the largest probability.
    public let label: String
    /// In the order of the classes.
    public let probabilities: [(name: String, probability: Float)]
  }

  /// The files that could be used, in the order in which they were given.
  public let predictions: [Prediction]
  /// What is wrong with the others (`data.*`).
  public let findings: [Diagnostic]

  /// Asks `model` about `files`, through the run's audio chain, features and length policy, without augmentation.
  ///
  /// Each clip is a batch of its own, so that what is said of a file does not depend on the others.
  ///
  /// - Parameters:
  ///   - threads: for features.
  ///   - progress: told how many files are read, from any thread.
  /// - Throws: `DiagnosticFailure` where it is not the files that are at fault (`run.*`); `CancellationError` where it was stopped.
  public init(
    _ files: [String], by model: TrainedModel, threads: Int,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws {
    var (predictions, findings): ([Prediction], [Diagnostic]) = ([], [])
    do {
      let store = try FeatureStore(
        files.map { ClipSource.file($0) }, pipeline: try FeaturePipeline(model.spec),
        features: model.graph.inputs.map(\.name), threads: threads, onBadClip: .skip, progress: progress,
        shouldStop: shouldStop)
      try store.take(model.standards, from: model.weightsPath)
      findings = store.skipped.map(\.finding)
      let skipped = Set(store.skipped.map(\.clip))
      for clip in files.indices where !skipped.contains(clip) {
        if shouldStop() { throw CancellationError() }
        do {
          predictions.append(try Self.prediction(files[clip], of: try store.batch(of: [clip]), by: model))
        } catch let failure as DiagnosticFailure where failure.isOfData {
          findings += failure.diagnostics.map { found in
            found.summary.contains(files[clip])
              ? found
              : Diagnostic(found.id, found.severity, "\(files[clip]): \(found.summary)", detail: found.detail)
          }
        }
      }
    } catch let failure as DiagnosticFailure where failure.isOfData && predictions.isEmpty && findings.isEmpty {
      // No file could be used.
      findings = failure.diagnostics
    }
    self.predictions = predictions
    self.findings = findings
  }

  /// `[{"file", "label", "probabilities": {class: p}}]`
  public var json: JSON {
    .array(
      predictions.map { prediction in
        [
          "file": .string(prediction.file), "label": .string(prediction.label),
          "probabilities": .object(prediction.probabilities.map { (key: $0.name, value: .number($0.probability)) }),
        ]
      })
  }

  private static func prediction(
    _ file: String, of features: FeatureBatch, by model: TrainedModel
  ) throws -> Prediction {
    let batch = Batch(shapes: features.shapes, features: features.values, lengths: features.lengths, labels: [0])
    let probabilities = try model.executor.evaluate(batch).probabilities
    return Prediction(
      file: file, label: model.classNames[argMax(probabilities[...])],
      probabilities: Array(zip(model.classNames, probabilities)))
  }
}

extension DiagnosticFailure {
  /// Whether all that is wrong is in the data.
  var isOfData: Bool { diagnostics.allSatisfy { $0.id.hasPrefix("data.") } }
}
