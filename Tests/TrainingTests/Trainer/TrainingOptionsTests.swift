import Foundation
import TestSupport
import Testing
import Training

/// What a training keeps beside weights: schedules with a state, averages, early stopping, several batches a step.
@Suite struct TrainingOptionsTests {
  /// 80 clips in batches of 16: five batches an epoch.
  private static let options: [[(String, String)]] = [
    [("train.schedule", "[plateau: {factor: 0.5, patience: 0, threshold: 0.05}]")],
    [("train.average", "{ema: 0.9}")],
    [("train.average", "{ema: {decay: 0.9, use_buffers: true}}")],
    [("train.average", "{swa: 2}"), ("train.optimizer", "{sgd: {lr: 0.05, momentum: 0.9, nesterov: true}}")],
    [("train.accumulate", "2"), ("train.clip_gradients", "{norm: 0.5}")],
    [("train.early_stopping", "{patience: 1, min_delta: 0.2}")],
    [
      ("train.optimizer", "{rmsprop: {lr: 0.003, momentum: 0.5, centered: true}}"),
      ("train.schedule", "[one_cycle]"), ("train.loss", "{focal: {gamma: 1.5, alpha: balanced}}"),
    ],
    [
      ("train.optimizer", "{adamw: {lr: 0.01, amsgrad: true}}"), ("train.clip_gradients", "{value: 0.01}"),
      ("train.loss", "{cross_entropy: {label_smoothing: 0.1, class_weights: balanced}}"),
    ],
  ]

  /// As if the process had been killed between two steps: the last checkpoint is that of the stop, or of the epoch before it.
  @Test(arguments: 0..<8, [2, 4, 8, 10])
  func goingOnFromACheckpointEndsWithTheSameBytes(option: Int, stopAfter: Int) throws {
    func trainer(threads: Int = 2) throws -> Trainer {
      try ToyProblem.trainer(epochs: 4, threads: threads, norm: "batch_norm", sets: Self.options[option])
    }
    let (wholeFolder, folder) = (try TemporaryFolder(), try TemporaryFolder())
    let (wholeStore, store) = (CheckpointStore(folder: wholeFolder.path), CheckpointStore(folder: folder.path))
    let whole = try trainer()
    _ = try whole.run(save: { try wholeStore.save(whole, $0, isBest: $1) })

    let first = try trainer(threads: 1)
    var isKilled = false
    _ = try first.run(
      save: { if !isKilled { try store.save(first, $0, isBest: $1) } },
      shouldStop: {
        // Some stops are saved, as those of a signal are; of the others nothing is left, as of SIGKILL.
        if first.state.totalSteps >= stopAfter { isKilled = stopAfter % 4 == 0 }
        return first.state.totalSteps >= stopAfter
      })
    let second = try trainer()
    _ = try store.restore(second)
    _ = try second.run(save: { try store.save(second, $0, isBest: $1) })
    #expect(second.state == whole.state)
    for name in [
      "last/weights.safetensors", "last/optimizer.safetensors", "last/state.json", "best/weights.safetensors",
    ] {
      let expected = try #require(FileManager.default.contents(atPath: "\(wholeFolder.path)/\(name)"))
      #expect(FileManager.default.contents(atPath: "\(folder.path)/\(name)") == expected, "\(name)")
    }
  }

  /// A stop between the end of an epoch and its record: the average must not take the epoch's weights twice.
  @Test func aStopDuringValidationCountsOnce() throws {
    let options = [("train.average", "{swa: 1}")]
    let whole = try ToyProblem.trainer(epochs: 2, sets: options)
    _ = try whole.run()
    let trainer = try ToyProblem.trainer(epochs: 2, sets: options)
    var asked = 0
    let outcome = try trainer.run(shouldStop: {
      asked += 1
      return asked == 6  // Five times before a step.
    })
    guard case .stopped = outcome, trainer.state.step == 5 else {
      Issue.record("it did not stop during validation")
      return
    }
    _ = try trainer.run()
    #expect(trainer.state == whole.state)
    #expect(trainer.weights == whole.weights)
  }

  @Test func theAverageIsWhatIsKept() throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder: folder.path)
    let trainer = try ToyProblem.trainer(
      epochs: 1, norm: "batch_norm", sets: [("train.average", "{ema: {decay: 0.5}}")])
    _ = try trainer.run(save: { try store.save(trainer, $0, isBest: $1) })
    let best = try ToyProblem.trainer(epochs: 1, norm: "batch_norm")
    _ = try store.loadBest(into: best.executor.parameters)
    #expect(trainer.state.averaged == 5)
    #expect(best.weights != trainer.weights)
    // Running statistics stay the model's own.
    #expect(best.states == trainer.states)
  }

  @Test func earlyStoppingEndsTheTraining() throws {
    var told: [Int] = []
    let trainer = try ToyProblem.trainer(
      epochs: 9, sets: [("train.early_stopping", "{patience: 2, metric: val.accuracy, min_delta: 1}")])
    _ = try trainer.run(observe: { if case .stoppedEarly(let epoch, _) = $0 { told.append(epoch) } })
    // No accuracy is better than another by more than 1, so the first stays the best.
    #expect(trainer.state.history.count == 3)
    #expect(trainer.state.stoppedAfter == 3)
    #expect(told == [3])
    // It is over for good.
    _ = try trainer.run()
    #expect(trainer.state.history.count == 3)
  }

  @Test func aStepOfSeveralBatchesIsOneStep() throws {
    var steps: [Int] = []
    let trainer = try ToyProblem.trainer(epochs: 2, sets: [("train.accumulate", "2")])
    _ = try trainer.run(observe: { if case .step(_, let step, _) = $0 { steps.append(step) } })
    #expect(steps == [1, 2, 3, 1, 2, 3])
    #expect(trainer.state.totalSteps == 6)
  }

  @Test func aBoundThatIsNeverReachedChangesNothing() throws {
    let free = try ToyProblem.trainer(epochs: 1)
    _ = try free.run()
    for bound in ["{norm: 1e9}", "{value: 1e9}"] {
      let bounded = try ToyProblem.trainer(epochs: 1, sets: [("train.clip_gradients", bound)])
      _ = try bounded.run()
      #expect(bounded.weights == free.weights)
    }
  }

  @Test func balancedWeightsAreScikitLearns() throws {
    let loss = LossSettings(
      try ToyProblem.spec(epochs: 1, sets: [("train.loss", "{cross_entropy: {class_weights: balanced}}")]).train.loss)
    // compute_class_weight("balanced", classes=[0, 1, 2], y=[0, 0, 0, 1, 1, 2]); of the fourth class there is no clip.
    let weights = loss.loss(classes: ["a", "b", "c", "d"], labels: [0, 0, 0, 1, 1, 2]).weights
    #expect(weights == [6.0 / 9, 1, 2, 1])
  }
}
