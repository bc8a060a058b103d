import Planning
import Spec
import TensorRuntime

/// Trains one model: epochs of shuffled batches, validation after each, and the kept epoch by the spec's rule.
///
/// All that a training depends on is the spec's seed and the features: stopping and going on from a saved state,
/// or using another number of threads, changes no bit.
public final class Trainer {
  /// What the trainer tells while it works.
  public enum Event: Sendable {
    case started(state: TrainingState, stepsPerEpoch: Int)
    /// A step of an epoch is done; `epoch` and `step` count from 1.
    case step(epoch: Int, step: Int, loss: Double)
    /// `isBest`: its weights are the ones to be tested so far.
    case epochFinished(EpochRecord, isBest: Bool)
    /// The loss is no longer a number; the training ends.
    case diverged(epoch: Int, step: Int)
  }

  /// Why `run` came back.
  public enum Outcome: Sendable {
    case finished
    /// `shouldStop` said so; the state is saved.
    case stopped
  }

  public let executor: Executor
  public private(set) var state = TrainingState()
  let optimizer: Optimizer

  private let spec: TrainingSpec
  private let source: any BatchSource
  private let trainClips: [Int]
  private let validationClips: [Int]
  private let classes: Int
  private let schedule: LearningRateSchedule
  private let order: BatchOrder
  private let dropoutKey: RandomKey
  private let augmentKey: RandomKey

  /// Prepares a training with freshly drawn weights.
  ///
  /// - Parameters:
  ///   - graph: a model whose output has one value a class.
  ///   - trainClips: clip indices in the split's order; so `validationClips`.
  public init(
    spec: ExperimentSpec, graph: LayerGraph, source: any BatchSource, trainClips: [Int], validationClips: [Int],
    pool: WorkerPool
  ) {
    self.spec = spec.train
    self.source = source
    self.trainClips = trainClips
    self.validationClips = validationClips
    classes = spec.corpus.classes.count
    let parameters = ModelParameters(graph)
    executor = Executor(graph: graph, parameters: parameters, pool: pool)
    let settings = OptimizerSettings(spec.train.optimizer)
    optimizer = Optimizer(settings, parameters: parameters)
    schedule = LearningRateSchedule(
      steps: spec.train.schedule, baseRate: settings.learningRate,
      stepsPerEpoch: Trainer.stepsPerEpoch(clips: trainClips.count, batchSize: spec.train.batchSize),
      epochs: spec.train.epochs.value)
    let root = RandomKey(seed: UInt64(spec.seed))
    order = BatchOrder(
      key: root.child("shuffle"), batchSize: spec.train.batchSize, poolBatches: source.batchesOfSimilarLength)
    dropoutKey = root.child("dropout")
    augmentKey = root.child("augment")
    parameters.initialise(key: root.child("weights"))
  }

  /// Batches of an epoch, the last smaller one included.
  public static func stepsPerEpoch(clips: Int, batchSize: Int) -> Int { (clips + batchSize - 1) / batchSize }

  /// Goes on from where a checkpoint was saved, whose weights and optimizer state are loaded already.
  func restore(_ state: TrainingState) { self.state = state }

  /// Trains until the last epoch, or until `shouldStop`.
  ///
  /// - Parameters:
  ///   - save: called when there is something worth keeping: after each epoch, and before `stopped` is returned.
  ///     `isBest`: the weights are those of the kept epoch.
  ///   - shouldStop: asked between steps.
  /// - Throws: `DiagnosticFailure` where a clip's audio is at fault, `run.batch_too_small` before the first step where a
  ///   layer cannot be trained on the last batch of an epoch, and what `save` throws.
  public func run(
    observe: (Event) -> Void = { _ in }, save: (_ state: TrainingState, _ isBest: Bool) throws -> Void = { _, _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> Outcome {
    let steps = Trainer.stepsPerEpoch(clips: trainClips.count, batchSize: spec.batchSize)
    // The last batch of an epoch is known to be too small before the first.
    for size in Set([min(spec.batchSize, trainClips.count), trainClips.count % spec.batchSize]) where size > 0 {
      try executor.graph.checkTraining(onBatchesOf: size)
    }
    observe(.started(state: state, stepsPerEpoch: steps))
    while state.epoch < spec.epochs.value, state.divergedAt == nil {
      let order = order.batches(of: trainClips, epoch: state.epoch, length: source.samples(of:))
      let (first, key) = (state.step, augmentKey.child(UInt64(state.epoch)))
      let batches = PreparedBatches(Array(order.dropFirst(first))) { [source] clips, number in
        try source.trainingBatch(of: clips, number: first + number, key: key)
      }
      while state.step < steps {
        if shouldStop() {
          try save(state, false)
          return .stopped
        }
        guard let batch = try batches.next() else { break }
        let loss = try step(batch)
        observe(.step(epoch: state.epoch + 1, step: state.step, loss: loss))
        if !loss.isFinite {
          state.divergedAt = state.totalSteps
          observe(.diverged(epoch: state.epoch + 1, step: state.step))
          try save(state, false)
          return .finished
        }
      }
      guard try finishEpoch(observe: observe, save: save, shouldStop: shouldStop) else {
        try save(state, false)
        return .stopped
      }
    }
    return .finished
  }

  /// One step on `batch`; returns the loss.
  private func step(_ batch: Batch) throws -> Double {
    let result = try executor.gradients(of: batch, key: dropoutKey.child(UInt64(state.totalSteps)))
    let loss = Double(result.loss)
    if loss.isFinite {
      optimizer.apply(
        gradients: executor.gradients, learningRate: schedule.rate(state.totalSteps), step: state.totalSteps + 1,
        pool: executor.pool)
    }
    state.step += 1
    state.totalSteps += 1
    state.sums.loss += loss
    state.sums.batches += 1
    state.sums.correct += result.correct
    state.sums.clips += batch.count
    return loss
  }

  /// Validates, records the epoch and saves. False where it was stopped before the record was complete.
  private func finishEpoch(
    observe: (Event) -> Void, save: (TrainingState, Bool) throws -> Void, shouldStop: () -> Bool
  ) throws -> Bool {
    guard
      let validation = try Evaluation.run(
        validationClips, source: source, executor: executor, batchSize: spec.batchSize, classes: classes,
        shouldStop: shouldStop)
    else { return false }
    let sums = state.sums
    let record = EpochRecord(
      epoch: state.epoch + 1, learningRate: schedule.rate(state.totalSteps - 1),
      trainLoss: sums.loss / Double(sums.batches), trainAccuracy: Double(sums.correct) / Double(sums.clips),
      validationLoss: validation.loss,
      validation: spec.metrics.map { name in
        EpochRecord.Figure(name: name, value: validation.metrics.figure(name) ?? .nan)
      })
    let value = keepValue(record, validation)
    let isBest = value.map { isBetter($0, than: state.best?.value) } ?? false
    if isBest, let value { state.best = TrainingState.Best(epoch: record.epoch, value: value) }
    state.history.append(record)
    state.epoch += 1
    state.step = 0
    state.sums = TrainingState.EpochSums()
    observe(.epochFinished(record, isBest: isBest))
    try save(state, isBest)
    return true
  }

  /// The figure that the spec keeps by; nil where it is no number.
  private func keepValue(_ record: EpochRecord, _ validation: Evaluation) -> Double? {
    let name = spec.keep.metric
    let value = record.figure(name) ?? validation.metrics.figure(String(name.dropFirst("val.".count))) ?? .nan
    return value.isNaN ? nil : value
  }

  /// Of equal epochs the first is kept.
  private func isBetter(_ value: Double, than best: Double?) -> Bool {
    guard let best else { return true }
    switch spec.keep.direction {
    case .min: return value < best
    case .max: return value > best
    }
  }
}
