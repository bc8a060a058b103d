import Glibc

/// The positions of channels-last samples [C, ..., T] that lie before the end of each sequence: along the last axis
/// the first ones, along the others all.
struct ValidPositions: Sendable {
  let batch: Int
  let channels: Int
  /// Positions of one sample along all axes but the last.
  let outer: Int
  /// Positions along the last axis, that of time.
  let length: Int
  let lengths: SequenceLengths

  init(batch: Int, channels: Int, spatial: [Int], lengths: SequenceLengths) {
    self.batch = batch
    self.channels = channels
    length = spatial.last ?? 1
    outer = spatial.dropLast().reduce(1, *)
    self.lengths = lengths
  }

  /// Positions of one sample.
  var positions: Int { outer * length }
  /// Values of one sample.
  var sampleSize: Int { positions * channels }

  /// Positions along the last axis that belong to sample `n`; `given` are the lengths of all samples before any window.
  func count(_ n: Int, given: UnsafePointer<Float>) -> Int { min(length, max(0, lengths(Int(given[n])))) }

  /// Copies the first `count` positions of each row of the sample at `source` one behind the other.
  func gather(_ count: Int, of source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    for row in 0..<outer {
      (target + row * count * channels).update(from: source + row * length * channels, count: count * channels)
    }
  }

  /// The first `count` positions of each row of the sample at `source` one behind the other: where they lie if they lie
  /// so, else in `room`.
  func gathered(
    _ count: Int, of source: UnsafePointer<Float>, in room: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    if outer == 1 || count == length { return source }
    gather(count, of: source, to: room)
    return UnsafePointer(room)
  }

  /// Room that `gathered` takes.
  var gatheredSize: Int { outer == 1 ? 0 : sampleSize }

  /// Calls `body` with the offset of each row of a sample, whose first `count` positions are valid.
  func eachRow(_ body: (_ offset: Int) -> Void) {
    for row in 0..<outer { body(row * length * channels) }
  }

  /// Writes zeros behind the first `count` positions of each row of the sample at `target`.
  func clearEnds(_ count: Int, of target: UnsafeMutablePointer<Float>) {
    eachRow { (target + $0 + count * channels).update(repeating: 0, count: (length - count) * channels) }
  }
}
