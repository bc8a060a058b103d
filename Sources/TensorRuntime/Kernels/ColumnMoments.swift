/// Means and summed squared deviations of the columns of a row-major matrix [rows, columns], exact to single precision
/// whatever the mean.
///
/// Blocks of rows are measured in single precision around their own mean and joined in double precision in their order
/// (Chan, Golub, LeVeque 1983), so that the result does not depend on the number of threads.
struct ColumnMoments {
  let rows: Int
  let columns: Int

  /// Blocks that fit the second-level cache, since each is read twice.
  private var tiling: Tiling { Tiling(rows, by: max(16, 65536 / max(1, columns))) }

  /// Floats of scratch that `run` needs.
  var scratch: Int { tiling.tiles * 3 * columns }

  /// Measures `x` and calls `body` for each column, on any worker and in any order.
  func run(
    _ x: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool,
    _ body: (_ column: Int, _ mean: Double, _ deviation: Double) -> Void
  ) {
    let (columns, tiling) = (columns, tiling)
    pool.run(tiles: tiling.tiles) { tile, _ in
      let rows = tiling[tile]
      let centers = scratch + tile * 3 * columns
      Kernels.table.column_moments(
        rows.count, columns, x + rows.lowerBound * columns, centers, centers + columns, centers + 2 * columns)
    }
    let chunks = Tiling(columns, by: 64)
    pool.run(tiles: chunks.tiles) { chunk, _ in
      for column in chunks[chunk] {
        var moments = Moments()
        for tile in 0..<tiling.tiles {
          let centers = scratch + tile * 3 * columns + column
          moments.join(
            count: tiling[tile].count, center: centers[0], sum: centers[columns], squares: centers[2 * columns])
        }
        body(column, moments.mean, max(0, moments.deviation))
      }
    }
  }
}

/// Mean and summed squared deviation of values that arrive in blocks.
struct Moments {
  private(set) var count = 0.0
  private(set) var mean = 0.0
  private(set) var deviation = 0.0

  /// Takes in a block of `count` values of which the sums of (x - center) and of its square are known.
  mutating func join(count block: Int, center: Float, sum: Float, squares: Float) {
    let size = Double(block)
    let off = Double(sum) / size
    let delta = Double(center) + off - mean
    let all = count + size
    deviation += Double(squares) - size * off * off + delta * delta * count * size / all
    mean += delta * size / all
    count = all
  }
}
