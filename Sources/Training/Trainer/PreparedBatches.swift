import Dispatch
import Planning
import Synchronization

/// The batches of a list in its order. While one is worked on, the next is made on another thread.
///
/// What `next` gives, and what it throws, is what `source.batch(of:)` would have given or thrown at that call. A batch that
/// nobody asked for in the end is dropped with whatever went wrong in it.
package final class PreparedBatches {
  private let source: any BatchSource
  private let lists: [ArraySlice<Int>]
  private var started = 0
  private var pending: Pending?
  private let queue = DispatchQueue(label: "serspec-batches")

  /// Starts on the first batch.
  package init(_ lists: [ArraySlice<Int>], source: any BatchSource) {
    self.lists = lists
    self.source = source
    startNext()
  }

  deinit { _ = pending?.wait() }

  /// The next batch; nil behind the last.
  ///
  /// - Throws: `DiagnosticFailure` where a clip's audio is at fault.
  package func next() throws -> Batch? {
    guard let result = pending?.wait() else { return nil }
    pending = nil
    if case .success = result { startNext() }
    return try result.get()
  }

  private func startNext() {
    guard started < lists.count else { return }
    let (clips, source, pending) = (Array(lists[started]), source, Pending())
    started += 1
    self.pending = pending
    queue.async { pending.finish(Result { try source.batch(of: clips) }) }
  }
}

/// A batch in the making.
private final class Pending: Sendable {
  private let result = Mutex<Result<Batch, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  func finish(_ made: Result<Batch, any Error>) {
    result.withLock { $0 = made }
    done.signal()
  }

  /// Called once.
  func wait() -> Result<Batch, any Error>? {
    done.wait()
    return result.withLock { $0.take() }
  }
}
