import CKernels
import Glibc
import Synchronization

/// A pthread mutex with a condition.
final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func lock() { pthread_mutex_lock(mutex) }
  func unlock() { pthread_mutex_unlock(mutex) }
  /// Only while locked.
  func wait() { pthread_cond_wait(condition, mutex) }
  func wakeAll() { pthread_cond_broadcast(condition) }
}

/// What the threads of a `WorkerPool` share.
///
/// One word holds the number of the job (high half) and how many of its tiles nobody has taken (low half); a tile is
/// taken by decrementing it with compare-and-exchange. A thread that wakes late thus can neither take a tile of a
/// finished job nor run a new job's tile with an old body: the exchange succeeds only if the job is still the one whose
/// body was read.
final class PoolState: @unchecked Sendable {
  /// What a job does; in a struct, since a pointer to a bare function would take a wrapper of the heap.
  struct Job {
    let body: (_ tile: Int, _ worker: Int) -> Void
  }

  /// Held by the thread whose job runs.
  let submission = Monitor()
  private let monitor = Monitor()
  private let open = Atomic<UInt64>(0)
  private let body = Atomic<UInt>(0)
  private let tiles = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let currentKey: pthread_key_t

  /// Turns of waiting before a thread sleeps: some tens of microseconds, the gap between two operations. None where the
  /// threads outnumber the processors: then whoever waits actively takes the processor from one who has work.
  private let spins: Int

  /// - Parameters:
  ///   - threads: all that take part, the caller among them.
  ///   - processors: how many of them can run at once.
  init(threads: Int, processors: Int) {
    spins = threads <= processors ? 4000 : 0
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    currentKey = key
  }

  deinit { pthread_key_delete(currentKey) }

  /// The worker as which the calling thread runs tiles of this pool now; nil outside.
  var currentWorker: Int? {
    get {
      let value = Int(bitPattern: pthread_getspecific(currentKey))
      return value == 0 ? nil : value - 1
    }
    set { pthread_setspecific(currentKey, UnsafeRawPointer(bitPattern: newValue.map { $0 + 1 } ?? 0)) }
  }

  /// Runs one job with the calling thread as worker 0. The caller holds `submission`.
  func run(tiles count: Int, job pointer: UnsafePointer<Job>) {
    body.store(UInt(bitPattern: pointer), ordering: .relaxed)
    tiles.store(count, ordering: .relaxed)
    finished.store(0, ordering: .relaxed)
    let job = (open.load(ordering: .relaxed) >> 32) &+ 1
    open.store(job << 32 | UInt64(count), ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      monitor.lock()
      monitor.wakeAll()
      monitor.unlock()
    }
    takeTiles(as: 0)
    waitUntil { finished.load(ordering: .sequentiallyConsistent) == count }
  }

  /// The life of worker `worker`.
  func work(as worker: Int) {
    currentWorker = worker
    while true {
      waitUntil {
        open.load(ordering: .sequentiallyConsistent) & 0xFFFF_FFFF != 0
          || stopped.load(ordering: .sequentiallyConsistent)
      }
      if stopped.load(ordering: .sequentiallyConsistent) { return }
      takeTiles(as: worker)
    }
  }

  func stop() {
    stopped.store(true, ordering: .sequentiallyConsistent)
    monitor.lock()
    monitor.wakeAll()
    monitor.unlock()
  }

  private func takeTiles(as worker: Int) {
    while true {
      let word = open.load(ordering: .acquiring)
      let left = Int(word & 0xFFFF_FFFF)
      if left == 0 { return }
      let total = tiles.load(ordering: .relaxed)
      let pointer = body.load(ordering: .relaxed)
      let (exchanged, _) = open.compareExchange(
        expected: word, desired: word - 1, ordering: .acquiringAndReleasing)
      guard exchanged, let job = UnsafePointer<Job>(bitPattern: pointer) else { continue }
      job.pointee.body(total - left, worker)
      // The last tile's end may be what the submitting thread sleeps for.
      if finished.add(1, ordering: .sequentiallyConsistent).newValue == total,
        sleepers.load(ordering: .sequentiallyConsistent) > 0
      {
        monitor.lock()
        monitor.wakeAll()
        monitor.unlock()
      }
    }
  }

  /// Spins for a short time, then sleeps, until `condition` holds. Whoever makes it hold looks at `sleepers`
  /// afterwards.
  private func waitUntil(_ condition: () -> Bool) {
    for _ in 0..<spins {
      if condition() { return }
      serspec_pause()
    }
    monitor.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !condition() { monitor.wait() }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    monitor.unlock()
  }
}
