import TensorRuntime
import Testing
import Training

/// Which clips share a batch.
@Suite struct BatchOrderTests {
  private let clips = Array(100..<147)

  private func batches(_ pool: Int?, epoch: Int = 0, seed: UInt64 = 1) -> [[Int]] {
    BatchOrder(key: RandomKey(seed: seed), batchSize: 5, poolBatches: pool)
      .batches(of: clips, epoch: epoch) { ($0 * 37) % 101 }.map { Array($0) }
  }

  @Test(arguments: [nil, 2, 3, 100]) func everyClipIsInOneBatch(pool: Int?) {
    let batches = batches(pool)
    #expect(batches.flatMap { $0 }.sorted() == clips)
    #expect(batches.map(\.count) == Array(repeating: 5, count: 9) + [2])
  }

  @Test(arguments: [nil, 3]) func epochsAndSeedsDrawAnewButAlikeForTheSame(pool: Int?) {
    #expect(batches(pool) == batches(pool))
    #expect(batches(pool) != batches(pool, epoch: 1))
    #expect(batches(pool) != batches(pool, seed: 2))
  }

  /// What sorting is for: the longest and the shortest clip of a batch differ less.
  @Test func clipsOfABatchAreOfSimilarLength() {
    func spread(_ batches: [[Int]]) -> Int {
      batches.reduce(0) { sum, batch in
        let lengths = batch.map { ($0 * 37) % 101 }
        return sum + (lengths.max() ?? 0) - (lengths.min() ?? 0)
      }
    }
    #expect(spread(batches(100)) * 3 < spread(batches(nil)))
    #expect(spread(batches(3)) < spread(batches(nil)))
  }

  /// Batches of one length do not all come first.
  @Test func batchesAreShuffled() {
    let firsts = batches(100).dropLast().map { ($0[0] * 37) % 101 }
    #expect(firsts != firsts.sorted())
  }
}
