/// A buffer's size and the steps of the schedule during which it holds something, both ends included.
package struct BufferLifetime: Sendable {
  package let floats: Int
  package var first: Int
  package var last: Int

  package init(floats: Int, first: Int, last: Int) {
    self.floats = floats
    self.first = first
    self.last = last
  }
}

/// Places buffers in one arena so that buffers that live at the same time do not overlap.
///
/// Greedy by size (Pisarchyk, Lee 2020, "Efficient memory management for deep neural net inference"): the largest
/// buffer first, each into the lowest gap between the ones that it lives together with.
package struct ArenaLayout: Sendable {
  /// The offset of each buffer in floats, a multiple of 16 (one cache line); 0 for an empty one.
  package let offsets: [Int]
  /// The arena's size in floats.
  package let floats: Int

  /// A buffer that has its place.
  private struct Placed {
    let offset: Int
    /// Where the next buffer may start.
    let end: Int
    let first: Int32
    let last: Int32
  }

  /// - Parameter fixed: buffers that have their places already, in order of their offsets, multiples of 16.
  package init(_ buffers: [BufferLifetime], around fixed: [(offset: Int, lifetime: BufferLifetime)] = []) {
    var offsets = Array(repeating: 0, count: buffers.count)
    var total = 0
    let order = buffers.indices.filter { buffers[$0].floats > 0 }
      .sorted { (buffers[$0].floats, $1) > (buffers[$1].floats, $0) }
    // In order of their offsets. Each buffer walks along those before it until a gap is wide enough: plain memory, since
    // a large model has a thousand buffers and a new length of clips waits for this.
    withUnsafeTemporaryAllocation(of: Placed.self, capacity: fixed.count + order.count) { placed in
      for (position, (offset, buffer)) in fixed.enumerated() {
        let end = ArenaLayout.aligned(offset + buffer.floats)
        placed[position] = Placed(offset: offset, end: end, first: Int32(buffer.first), last: Int32(buffer.last))
        total = max(total, end)
      }
      for (count, index) in order.enumerated().lazy.map({ ($0 + fixed.count, $1) }) {
        let floats = buffers[index].floats
        let (first, last) = (Int32(buffers[index].first), Int32(buffers[index].last))
        var offset = 0
        var position = 0
        while position < count {
          let other = placed[position]
          if other.last >= first && other.first <= last {
            if other.offset - offset >= floats { break }
            offset = max(offset, other.end)
          }
          position += 1
        }
        // The gap starts at `offset`: whatever lies behind that moves up by one.
        while position > 0 && placed[position - 1].offset > offset { position -= 1 }
        while position < count && placed[position].offset <= offset { position += 1 }
        var moved = count
        while moved > position {
          placed[moved] = placed[moved - 1]
          moved -= 1
        }
        placed[position] = Placed(
          offset: offset, end: ArenaLayout.aligned(offset + floats), first: first, last: last)
        offsets[index] = offset
        total = max(total, offset + floats)
      }
    }
    self.offsets = offsets
    floats = total
  }

  /// `floats` rounded up to whole cache lines.
  static func aligned(_ floats: Int) -> Int { (floats + 15) & ~15 }
}
