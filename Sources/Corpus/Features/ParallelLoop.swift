import Dispatch
import Synchronization

/// Calls `body` once for every index of 0..<count on up to `threads` threads, and returns when all are done. Which thread takes
/// which index is left to chance: results must not depend on it.
func concurrently(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      body(index)
    }
  }
}
