/// How fast this machine multiplies matrices: what the speed of everything else is measured against.
public enum ProductPeak {
  /// Rows of one product; its other extents are `depth`. Its operands (6 MB in all) stay in the caches that OpenBLAS blocks for.
  private static let rows = 256
  private static let depth = 1024

  /// Billions of floating-point operations a second (two for a multiply-add) of OpenBLAS's single-precision product, one
  /// OpenBLAS thread on each thread of `pool`: the best of `rounds` rounds, after one to warm up.
  ///
  /// - Throws: `BLASUnavailable` where the library is missing.
  public static func gigaflops(pool: WorkerPool, rounds: Int = 8) throws -> Double {
    let blas = try BLAS.load()
    // Several products for each thread, so that one that starts late costs little.
    let products = 4 * pool.threads
    let left = AlignedBuffer(count: products * rows * depth)
    let right = AlignedBuffer(count: depth * depth)
    let result = AlignedBuffer(count: products * rows * depth)
    left.pointer.update(repeating: 0.5, count: left.count)
    right.pointer.update(repeating: 0.25, count: right.count)
    var best = Double.infinity
    for round in 0...max(1, rounds) {
      let start = ContinuousClock.now
      pool.run(tiles: products) { tile, _ in
        blas.sgemm(
          transA: false, transB: false, m: rows, n: depth, k: depth, alpha: 1,
          a: left.pointer + tile * rows * depth, lda: depth, b: right.pointer, ldb: depth, beta: 0,
          c: result.pointer + tile * rows * depth, ldc: depth)
      }
      if round > 0 { best = min(best, (ContinuousClock.now - start) / .seconds(1)) }
    }
    return 2 * Double(products * rows) * Double(depth * depth) / best / 1e9
  }
}
