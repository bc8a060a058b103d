import TensorRuntime

/// Which clips make up each batch of an epoch.
///
/// Clips are drawn without replacement. With `poolBatches`, the clips of so many batches at a time are sorted by their length
/// before they are divided, so that little of a batch is padding, and the full batches of the epoch are then shuffled:
/// the idea of torchtext's BucketIterator.
package struct BatchOrder: Sendable {
  /// Names the draws of all epochs.
  let key: RandomKey
  let batchSize: Int
  /// nil sorts nothing.
  let poolBatches: Int?

  package init(key: RandomKey, batchSize: Int, poolBatches: Int?) {
    self.key = key
    self.batchSize = batchSize
    self.poolBatches = poolBatches
  }

  /// The batches of `epoch`, counted from 0, all of `batchSize` but perhaps the last.
  ///
  /// - Parameter length: of a clip, in any unit.
  package func batches(of clips: [Int], epoch: Int, length: (Int) -> Int) -> [ArraySlice<Int>] {
    let key = key.child(UInt64(epoch))
    let drawn = RandomStream(key).permutation(clips.count).map { clips[$0] }
    guard let poolBatches else { return drawn.chunks(of: batchSize) }
    let lengths = Dictionary(drawn.map { ($0, length($0)) }, uniquingKeysWith: { first, _ in first })
    let sorted = drawn.chunks(of: poolBatches * batchSize).flatMap { pool in
      // Of equal lengths the one drawn first stays first.
      pool.enumerated().sorted { (lengths[$0.element] ?? 0, $0.offset) < (lengths[$1.element] ?? 0, $1.offset) }
        .map(\.element)
    }
    let batches = sorted.chunks(of: batchSize)
    let full = batches.prefix { $0.count == batchSize }
    return RandomStream(key.child("batches")).permutation(full.count).map { full[$0] } + batches[full.count...]
  }
}
