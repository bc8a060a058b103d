import Foundation
import TestSupport
import Testing
import Training

@Suite struct TrainerTests {
  @Test func itLearns() throws {
    let trainer = try ToyProblem.trainer(epochs: 12)
    _ = try trainer.run()
    let history = trainer.state.history
    #expect(history.count == 12)
    #expect(history[11].trainLoss < 0.8 * history[0].trainLoss)
    #expect(history[11].validation.first?.name == "accuracy")
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let runs = try [1, 2, 5].map { threads in
      let trainer = try ToyProblem.trainer(epochs: 2, threads: threads)
      _ = try trainer.run()
      return (trainer.state, trainer.weights)
    }
    #expect(runs.allSatisfy { $0.0 == runs[0].0 && $0.1 == runs[0].1 })
  }

  /// Stopped within an epoch, at an epoch's end and at the start; each time gone on with from the files.
  @Test(arguments: [1, 3, 5, 7])
  func goingOnFromACheckpointEndsWithTheSameBits(stopAfter: Int) throws {
    let whole = try ToyProblem.trainer(epochs: 3)
    _ = try whole.run()

    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder: folder.path)
    let first = try ToyProblem.trainer(epochs: 3)
    let outcome = try first.run(
      save: { try store.save(first, $0, isBest: $1) }, shouldStop: { first.state.totalSteps >= stopAfter })
    guard case .stopped = outcome else {
      Issue.record("the training was not stopped")
      return
    }
    let second = try ToyProblem.trainer(epochs: 3)
    #expect(try store.restore(second).restored)
    _ = try second.run(save: { try store.save(second, $0, isBest: $1) })
    #expect(second.state == whole.state)
    #expect(second.weights == whole.weights)

    let best = try ToyProblem.trainer(epochs: 3)
    #expect(try store.loadBest(into: best.executor.parameters).isEmpty)
  }

  @Test func aTrainingWhoseLossIsNoNumberEnds() throws {
    let trainer = try ToyProblem.trainer(epochs: 3)
    let parameters = trainer.executor.parameters
    parameters.load(Array(repeating: .nan, count: parameters.slots[0].count), into: 0, of: parameters.values)
    _ = try trainer.run()
    #expect(trainer.state.divergedAt == 1)
    #expect(trainer.state.best == nil)
  }
}
