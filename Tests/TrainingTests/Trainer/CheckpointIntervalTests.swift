import Foundation
import TestSupport
import Testing
import Training

@Suite struct CheckpointIntervalTests {
  /// The steps behind which a training of two epochs of five steps is saved.
  private func saved(_ sets: [(String, String)]) throws -> [Int] {
    let trainer = try ToyProblem.trainer(epochs: 2, sets: sets)
    var steps: [Int] = []
    _ = try trainer.run(save: { state, _ in steps.append(state.totalSteps) })
    return steps
  }

  @Test func aCheckpointIsMadeAsOftenAsTheSpecSays() throws {
    #expect(try saved([]) == [5, 10])
    #expect(try saved([("train.checkpoint", "{steps: 2}")]) == [2, 4, 5, 7, 9, 10])
    #expect(try saved([("train.checkpoint", "{steps: 5}")]) == [5, 10])
    #expect(try saved([("train.checkpoint", "{minutes: 1e-9}")]) == Array(1...10))
    #expect(try saved([("train.checkpoint", "{minutes: 60}")]) == [5, 10])
  }

  /// Gone on with from each of the checkpoints within the epochs.
  @Test func goingOnFromOneWithinAnEpochEndsWithTheSameBits() throws {
    let sets = [("train.checkpoint", "{steps: 2}")]
    let whole = try ToyProblem.trainer(epochs: 2)
    _ = try whole.run()
    struct Killed: Error {}
    for limit in [2, 4, 7, 9] {
      let folder = try TemporaryFolder()
      let store = CheckpointStore(folder: folder.path)
      let first = try ToyProblem.trainer(epochs: 2, sets: sets)
      // The process dies in the step behind a checkpoint.
      #expect(throws: Killed.self) {
        try first.run(save: { state, isBest in
          try store.save(first, state, isBest: isBest)
          if state.totalSteps == limit { throw Killed() }
        })
      }
      let second = try ToyProblem.trainer(epochs: 2, sets: sets)
      #expect(try store.restore(second).restored)
      #expect(second.state.totalSteps == limit)
      _ = try second.run(save: { try store.save(second, $0, isBest: $1) })
      #expect(second.state == whole.state && second.weights == whole.weights)
    }
  }
}
