import Planning
import Spec
import TensorRuntime

/// Where batches come from: the features of clips by their index in the corpus's list.
///
/// Batches are made on another thread than the one that trains, one after the other.
public protocol BatchSource: AnyObject, Sendable {
  /// The class index of each clip of the corpus.
  var labels: [Int] { get }
  /// Out of how many batches' clips those of similar length are trained on together; nil leaves the drawn order.
  var batchesOfSimilarLength: Int? { get }
  /// The length of a clip's waveform in samples.
  func samples(of clip: Int) -> Int
  /// The features of `clips` in this order.
  ///
  /// - Throws: `DiagnosticFailure` where a clip's audio is at fault.
  func batch(of clips: [Int]) throws -> Batch
  /// The features of `clips` for a training step, in this order, with the spec's augmentation.
  ///
  /// - Parameters:
  ///   - number: which batch of the epoch it is, from 0.
  ///   - key: names the epoch's random numbers.
  /// - Throws: `DiagnosticFailure` where a clip's audio is at fault.
  func trainingBatch(of clips: [Int], number: Int, key: RandomKey) throws -> Batch
}

extension BatchSource {
  /// What training without augmentation gets: the same as validation.
  public func trainingBatch(of clips: [Int], number: Int, key: RandomKey) throws -> Batch { try batch(of: clips) }
}

/// What a model says about a set of clips.
public struct Evaluation: Sendable {
  /// Mean of the batches' losses.
  public let loss: Double
  public let metrics: ClassificationMetrics
  /// Clip indices in the order in which they were evaluated.
  public let clips: [Int]
  public let truth: [Int]
  public let predictions: [Int]
  /// [clips, classes], row-major.
  public let probabilities: [Float]
  public let classes: Int

  /// Runs `executor` over `clips` in batches of `batchSize`, in order, in inference mode.
  ///
  /// - Parameter shouldStop: asked between batches; true ends the evaluation.
  /// - Returns: nil where it was stopped.
  /// - Throws: `DiagnosticFailure` where a clip's audio is at fault.
  public static func run(
    _ clips: [Int], source: any BatchSource, executor: Executor, batchSize: Int, classes: Int,
    shouldStop: () -> Bool = { false }
  ) throws -> Evaluation? {
    var losses: [Double] = []
    var probabilities: [Float] = []
    probabilities.reserveCapacity(clips.count * classes)
    let batches = PreparedBatches(clips.chunks(of: batchSize), source: source)
    while true {
      if shouldStop() { return nil }
      guard let batch = try batches.next() else { break }
      let result = try executor.evaluate(batch)
      losses.append(Double(result.loss))
      probabilities += result.probabilities
    }
    let predictions = clips.indices.map { row in argMax(probabilities[row * classes..<(row + 1) * classes]) }
    let truth = clips.map { source.labels[$0] }
    return Evaluation(
      loss: losses.isEmpty ? .nan : losses.reduce(0, +) / Double(losses.count),
      metrics: ClassificationMetrics(ConfusionMatrix(classes: classes, truth: truth, predictions: predictions)),
      clips: clips, truth: truth, predictions: predictions, probabilities: probabilities, classes: classes)
  }
}

extension Evaluation {
  /// The figure of one of `keepMetrics`, such as `val.loss`; NaN where it is not defined.
  func figure(_ name: String) -> Double {
    name == "val.loss" ? loss : metrics.figure(String(name.dropFirst("val.".count))) ?? .nan
  }
}

extension EarlyStoppingRule {
  /// Counts an epoch; true where there were enough without improvement. What is no number is no improvement.
  func isOver(_ waiting: inout TrainingState.Waiting, value: Double) -> Bool {
    let isBetter =
      switch (MetricDirection(of: metric), waiting.best) {
      case (_, nil): !value.isNaN
      case (.min, let best?): value < best - minDelta
      case (.max, let best?): value > best + minDelta
      }
    if isBetter {
      waiting = TrainingState.Waiting(best: value, epochs: 0)
    } else {
      waiting.epochs += 1
    }
    return waiting.epochs >= patience
  }
}

/// The position of the largest value, the first of several, counted from the slice's start; 0 where there is no number.
func argMax(_ values: ArraySlice<Float>) -> Int {
  var best = values.startIndex
  for index in values.indices where values[index] > values[best] { best = index }
  return best - values.startIndex
}

extension Array {
  /// Consecutive slices of `size`, the last one of what is left.
  func chunks(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
