import CKernels
import Glibc
import Synchronization

/// A fixed set of threads that run the tiles of one operation at a time.
public final class WorkerPool: Sendable {
  /// How many threads take part, the caller among them.
  public let threads: Int
  private let state: PoolState
  private let workers: [pthread_t]

  /// Starts `threads - 1` workers, which sleep until there is work.
  public init(threads: Int) {
    precondition(threads >= 1, "the caller is one thread")
    self.threads = threads
    let state = PoolState(threads: threads, processors: Int(serspec_processors()))
    self.state = state
    workers = (1..<max(1, threads)).compactMap { worker in
      let start = Unmanaged.passRetained(WorkerStart(state: state, worker: worker))
      var thread = pthread_t()
      let failed = pthread_create(&thread, nil, { runWorker($0) }, start.toOpaque())
      // With fewer workers than asked for the rest do all tiles: slower, but the same result.
      if failed != 0 { start.release() }
      return failed == 0 ? thread : nil
    }
  }

  deinit {
    state.stop()
    for worker in workers { pthread_join(worker, nil) }
  }

  /// Calls `body(tile, worker)` once for each tile of 0..<tiles and returns when all are done. `worker` is in
  /// 0..<threads and is never in two calls at once: use it to pick scratch. Tiles go to whichever thread is free, so a
  /// tile's result must not depend on `worker`. Within `body`, a call of `run` does its tiles on the same thread and
  /// worker.
  public func run(tiles: Int, _ body: (_ tile: Int, _ worker: Int) -> Void) {
    if let worker = state.currentWorker {
      for tile in 0..<tiles { body(tile, worker) }
      return
    }
    state.submission.lock()
    defer { state.submission.unlock() }
    state.currentWorker = 0
    defer { state.currentWorker = nil }
    if tiles < 2 || workers.isEmpty {
      for tile in 0..<tiles { body(tile, 0) }
    } else {
      withoutActuallyEscaping(body) { body in
        withUnsafePointer(to: PoolState.Job(body: body)) { state.run(tiles: tiles, job: $0) }
      }
    }
  }
}

/// What a new worker needs to know.
private final class WorkerStart {
  let state: PoolState
  let worker: Int

  init(state: PoolState, worker: Int) {
    self.state = state
    self.worker = worker
  }
}

private func runWorker(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
  start.state.work(as: start.worker)
  return nil
}
