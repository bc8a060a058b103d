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
    /// The last step of an epoch is done, and nothing has been computed since: `lastGradients` are its own.
    case trained(epoch: Int)
    /// `isBest`: its weights are the ones to be tested so far.
    case epochFinished(EpochRecord, isBest: Bool)
    /// Early stopping ends the training: `epochs` in a row were no better.
    case stoppedEarly(epoch: Int, waited: Int)
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

  private let spec: TrainingSpec
  private let source: any BatchSource
  private let trainClips: [Int]
  private let validationClips: [Int]
  private let classes: Int
  private let schedule: LearningRateSchedule
  private let update: GradientUpdate
  private let average: WeightAverage?
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
    executor.loss = LossSettings(spec.train.loss).loss(
      classes: spec.corpus.classes.map(\.name), labels: trainClips.map { source.labels[$0] })
    let settings = OptimizerSettings(spec.train.optimizer)
    update = GradientUpdate(
      settings, parameters: parameters, clipping: spec.train.clipping, accumulate: spec.train.accumulate)
    average = spec.train.average.map { WeightAverage($0, parameters: parameters) }
    schedule = LearningRateSchedule(
      steps: spec.train.schedule, baseRate: settings.learningRate,
      stepsPerEpoch: Trainer.stepsPerEpoch(clips: trainClips.count, spec.train),
      epochs: spec.train.epochs.value)
    let root = RandomKey(seed: UInt64(spec.seed))
    order = BatchOrder(
      key: root.child("shuffle"), batchSize: spec.train.batchSize, poolBatches: source.batchesOfSimilarLength)
    dropoutKey = root.child("dropout")
    augmentKey = root.child("augment")
    parameters.initialise(key: root.child("weights"))
  }

  /// Steps of an epoch, that of fewer or smaller batches at its end included.
  public static func stepsPerEpoch(clips: Int, _ spec: TrainingSpec) -> Int {
    let batches = (clips + spec.batchSize - 1) / spec.batchSize
    return (batches + spec.accumulate - 1) / spec.accumulate
  }

  /// Goes on from where a checkpoint was saved, whose weights and optimizer state are loaded already.
  func restore(_ state: TrainingState) { self.state = state }

  /// The model's tensors as they were validated: the average's where there is one.
  var keptTensors: [Safetensors.Tensor] {
    guard let average, state.averaged > 0 else { return executor.parameters.tensors }
    return average.inPlace { executor.parameters.tensors }
  }

  /// What the last step changed the weights by: the mean over its batches; nil where this process has made none. What is computed next takes
  /// their place.
  var lastGradients: AlignedBuffer? {
    executor.gradients.count == 0 ? nil : update.mean(last: executor.gradients)
  }

  /// What the training needs to go on beside the weights: the optimizer's state and the average.
  var stateTensors: [Safetensors.Tensor] { update.optimizer.exported() + (average?.exported() ?? []) }

  /// Takes over what `stateTensors` were.
  ///
  /// - Throws: `DiagnosticFailure` (`run.checkpoint_mismatch`) where they are of another model or training.
  func loadState(_ tensors: Safetensors, from path: String) throws {
    try update.optimizer.load(tensors, from: path)
    try average?.load(tensors, from: path)
  }

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
    let steps = Trainer.stepsPerEpoch(clips: trainClips.count, spec)
    // The last batch of an epoch is known to be too small before the first.
    for size in Set([min(spec.batchSize, trainClips.count), trainClips.count % spec.batchSize]) where size > 0 {
      try executor.graph.checkTraining(onBatchesOf: size)
    }
    observe(.started(state: state, stepsPerEpoch: steps))
    var pace = CheckpointPace(spec.checkpoint)
    while state.epoch < spec.epochs.value, state.divergedAt == nil, state.stoppedAfter == nil {
      let order = order.batches(of: trainClips, epoch: state.epoch, length: source.samples(of:))
      let (first, key) = (state.step * spec.accumulate, augmentKey.child(UInt64(state.epoch)))
      let batches = PreparedBatches(Array(order.dropFirst(first))) { [source] clips, number in
        try source.trainingBatch(of: clips, number: first + number, key: key)
      }
      while state.step < steps {
        if shouldStop() {
          try save(state, false)
          return .stopped
        }
        guard let loss = try step(batches, count: min(spec.accumulate, order.count - state.step * spec.accumulate))
        else { break }
        observe(.step(epoch: state.epoch + 1, step: state.step, loss: loss))
        if !loss.isFinite {
          state.divergedAt = state.totalSteps
          observe(.diverged(epoch: state.epoch + 1, step: state.step))
          try save(state, false)
          return .finished
        }
        // Behind the last step of an epoch there is a checkpoint with its figures.
        if pace.isDue(), state.step < steps {
          try save(state, false)
          pace.restart()
        }
      }
      observe(.trained(epoch: state.epoch + 1))
      guard try finishEpoch(observe: observe, save: save, shouldStop: shouldStop) else {
        try save(state, false)
        return .stopped
      }
      pace.restart()
    }
    return .finished
  }

  /// One step on the next `count` batches; returns the mean of their losses, nil where there is no batch left.
  private func step(_ batches: PreparedBatches, count: Int) throws -> Double? {
    let key = dropoutKey.child(UInt64(state.totalSteps))
    var sums = state.sums
    var total = 0.0
    for index in 0..<count {
      guard let batch = try batches.next() else { return nil }
      let result = try executor.gradients(
        of: batch, key: spec.accumulate == 1 ? key : key.child("batches").child(UInt64(index)))
      update.add(executor.gradients, batch: index, of: count, pool: executor.pool)
      total += Double(result.loss)
      sums.loss += Double(result.loss)
      sums.batches += 1
      sums.correct += result.correct
      sums.clips += batch.count
    }
    if total.isFinite {
      update.apply(
        executor.gradients, learningRate: schedule.rate(state.totalSteps, plateau: state.plateau),
        momentum: schedule.momentum(state.totalSteps), step: state.totalSteps + 1, pool: executor.pool)
      average?.afterStep(&state.averaged, pool: executor.pool)
    }
    state.sums = sums
    state.step += 1
    state.totalSteps += 1
    return total / Double(count)
  }

  /// Validates, records the epoch and saves. False where it was stopped before the record was complete.
  private func finishEpoch(
    observe: (Event) -> Void, save: (TrainingState, Bool) throws -> Void, shouldStop: () -> Bool
  ) throws -> Bool {
    average?.afterEpoch(state.epoch + 1, &state.averaged, pool: executor.pool)
    guard let validation = try validate(shouldStop: shouldStop) else { return false }
    let sums = state.sums
    let record = EpochRecord(
      epoch: state.epoch + 1, learningRate: schedule.rate(state.totalSteps - 1, plateau: state.plateau),
      trainLoss: sums.loss / Double(sums.batches), trainAccuracy: Double(sums.correct) / Double(sums.clips),
      validationLoss: validation.loss,
      validation: spec.metrics.map { name in
        EpochRecord.Figure(name: name, value: validation.metrics.figure(name) ?? .nan)
      })
    let value = validation.figure(spec.keep.metric)
    let isBest = !value.isNaN && isBetter(value, than: state.best?.value)
    if isBest { state.best = TrainingState.Best(epoch: record.epoch, value: value) }
    state.plateau = schedule.plateau(after: state.totalSteps - 1, state.plateau, figure: validation.figure)
    if let rule = spec.earlyStopping, rule.isOver(&state.waiting, value: validation.figure(rule.metric)) {
      state.stoppedAfter = record.epoch
    }
    state.history.append(record)
    state.epoch += 1
    state.step = 0
    state.sums = TrainingState.EpochSums()
    observe(.epochFinished(record, isBest: isBest))
    if let epoch = state.stoppedAfter { observe(.stoppedEarly(epoch: epoch, waited: state.waiting.epochs)) }
    try save(state, isBest)
    return true
  }

  /// The validation of the average where there is one; nil where it was stopped.
  private func validate(shouldStop: () -> Bool) throws -> Evaluation? {
    func run() throws -> Evaluation? {
      try Evaluation.run(
        validationClips, source: source, executor: executor, batchSize: spec.batchSize, classes: classes,
        shouldStop: shouldStop)
    }
    guard let average, state.averaged > 0 else { return try run() }
    return try average.inPlace(run)
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
