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
  /// The offset of each buffer in floats, a multiple of 16 (one cache line).
  package let offsets: [Int]
  /// The arena's size in floats.
  package let floats: Int

  package init(_ buffers: [BufferLifetime]) {
    var offsets = Array(repeating: 0, count: buffers.count)
    var placed: [Int] = []  // Indices in order of offset.
    var total = 0
    let order = buffers.indices.sorted { (buffers[$0].floats, $1) > (buffers[$1].floats, $0) }
    for index in order {
      let buffer = buffers[index]
      var offset = 0
      for other in placed {
        let neighbour = buffers[other]
        if neighbour.last < buffer.first || neighbour.first > buffer.last { continue }
        if offsets[other] - offset >= buffer.floats { break }
        offset = max(offset, ArenaLayout.aligned(offsets[other] + neighbour.floats))
      }
      offsets[index] = offset
      total = max(total, offset + buffer.floats)
      let position = placed.firstIndex { offsets[$0] > offset } ?? placed.count
      placed.insert(index, at: position)
    }
    self.offsets = offsets
    floats = total
  }

  /// `floats` rounded up to whole cache lines.
  static func aligned(_ floats: Int) -> Int { (floats + 15) & ~15 }
}
