import Dispatch
import Planning
import Synchronization

/// The batches of a list in its order. While one is worked on, the next is made on another thread.
///
/// What `next` gives, and what it throws, is what `make` would have given or thrown at that call. A batch that nobody asked for in
/// the end is dropped with whatever went wrong in it.
package final class PreparedBatches {
  private let make: @Sendable (_ clips: [Int], _ number: Int) throws -> Batch
  private let lists: [ArraySlice<Int>]
  private var started = 0
  private var pending: Pending?
  private let queue = DispatchQueue(label: "serspec-batches")

  /// Starts on the first batch. `make` makes the batch of a list, whose number in `lists` it is told too.
  package init(
    _ lists: [ArraySlice<Int>], make: @escaping @Sendable (_ clips: [Int], _ number: Int) throws -> Batch
  ) {
    self.lists = lists
    self.make = make
    startNext()
  }

  /// The batches that `source` gives.
  package convenience init(_ lists: [ArraySlice<Int>], source: any BatchSource) {
    self.init(lists) { clips, _ in try source.batch(of: clips) }
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
    let (clips, number, make, pending) = (Array(lists[started]), started, make, Pending())
    started += 1
    self.pending = pending
    queue.async { pending.finish(Result { try make(clips, number) }) }
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
