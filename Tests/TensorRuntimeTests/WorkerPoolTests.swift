import Synchronization
import TensorRuntime
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 3, 7]) func runsEachTileOnceWithAWorkerOfItsOwn(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for tiles in [0, 1, 2, 5, 1000] {
      let counts = (0..<tiles).map { _ in Counter() }
      let busy = (0..<threads).map { _ in Counter() }
      let clashes = Counter()
      pool.run(tiles: tiles) { tile, worker in
        if busy[worker].value.add(1, ordering: .relaxed).newValue != 1 { clashes.value.add(1, ordering: .relaxed) }
        counts[tile].value.add(1, ordering: .relaxed)
        busy[worker].value.subtract(1, ordering: .relaxed)
      }
      #expect(counts.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
      #expect(clashes.value.load(ordering: .relaxed) == 0)
    }
  }

  @Test func manyShortJobsInARow() {
    let pool = WorkerPool(threads: 3)
    let total = Counter()
    for _ in 0..<20_000 { pool.run(tiles: 3) { _, _ in total.value.add(1, ordering: .relaxed) } }
    #expect(total.value.load(ordering: .relaxed) == 60_000)
  }

  @Test func nestedJobsRunInlineOnTheSameWorker() {
    let pool = WorkerPool(threads: 4)
    let (inner, moved) = (Counter(), Counter())
    pool.run(tiles: 50) { _, worker in
      pool.run(tiles: 10) { _, nested in
        inner.value.add(1, ordering: .relaxed)
        if nested != worker { moved.value.add(1, ordering: .relaxed) }
      }
    }
    #expect(inner.value.load(ordering: .relaxed) == 500)
    #expect(moved.value.load(ordering: .relaxed) == 0)
  }

  @Test func severalCallersTakeTurns() async {
    let pool = WorkerPool(threads: 2)
    let total = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<500 { pool.run(tiles: 4) { _, _ in total.value.add(1, ordering: .relaxed) } } }
      }
    }
    #expect(total.value.load(ordering: .relaxed) == 8000)
  }

  @Test func wakesAfterSleeping() async throws {
    let pool = WorkerPool(threads: 2)
    let total = Counter()
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(20))
      pool.run(tiles: 8) { _, _ in total.value.add(1, ordering: .relaxed) }
    }
    #expect(total.value.load(ordering: .relaxed) == 40)
  }
}

private final class Counter: Sendable {
  let value = Atomic<Int>(0)
}
