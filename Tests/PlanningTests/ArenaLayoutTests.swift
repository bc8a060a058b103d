import Planning
import TensorRuntime
import Testing

@Suite struct ArenaLayoutTests {
  /// Buffers that live at the same time never share memory; random lifetimes of a reproducible stream.
  @Test(arguments: 0..<20)
  func buffersThatLiveTogetherDoNotOverlap(seed: Int) {
    var cursor = RandomCursor(RandomStream(RandomKey(seed: UInt64(seed))))
    let buffers = (0..<120).map { _ in
      let first = cursor.below(60)
      return BufferLifetime(floats: cursor.below(5000), first: first, last: first + cursor.below(20))
    }
    let layout = ArenaLayout(buffers)
    for a in buffers.indices {
      #expect(layout.offsets[a] % 16 == 0 && layout.offsets[a] + buffers[a].floats <= layout.floats)
      for b in buffers.indices where b < a && buffers[a].floats > 0 && buffers[b].floats > 0 {
        let together = buffers[a].first <= buffers[b].last && buffers[b].first <= buffers[a].last
        let apart =
          layout.offsets[a] + buffers[a].floats <= layout.offsets[b]
          || layout.offsets[b] + buffers[b].floats <= layout.offsets[a]
        #expect(!together || apart)
      }
    }
  }

  @Test func memoryIsUsedAgain() {
    let chain = (0..<10).map { BufferLifetime(floats: 1600, first: $0, last: $0 + 1) }
    #expect(ArenaLayout(chain).floats == 3200)
  }

  /// Places that are taken from some step on can be used before.
  @Test(arguments: 0..<10) func buffersGoAroundThoseWithAPlace(seed: Int) {
    var cursor = RandomCursor(RandomStream(RandomKey(seed: UInt64(seed))))
    var end = 0
    let fixed = (0..<20).map { index in
      let lifetime = BufferLifetime(floats: 1 + cursor.below(3000), first: 60 - index, last: 60)
      defer { end += (lifetime.floats + 15) / 16 * 16 }
      return (offset: end, lifetime: lifetime)
    }
    let buffers = (0..<60).map { _ in
      let first = cursor.below(58)
      return BufferLifetime(floats: cursor.below(3000), first: first, last: min(60, first + cursor.below(10)))
    }
    let layout = ArenaLayout(buffers, around: fixed)
    let all = fixed + zip(layout.offsets, buffers).map { (offset: $0, lifetime: $1) }
    for a in all.indices {
      #expect(all[a].offset + all[a].lifetime.floats <= layout.floats)
      for b in all.indices where b < a && all[a].lifetime.floats > 0 && all[b].lifetime.floats > 0 {
        let together = all[a].lifetime.first <= all[b].lifetime.last && all[b].lifetime.first <= all[a].lifetime.last
        let apart =
          all[a].offset + all[a].lifetime.floats <= all[b].offset
          || all[b].offset + all[b].lifetime.floats <= all[a].offset
        #expect(!together || apart)
      }
    }
    #expect(layout.floats < end + buffers.reduce(0) { $0 + $1.floats })
  }
}
