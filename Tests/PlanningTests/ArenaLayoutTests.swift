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
}
