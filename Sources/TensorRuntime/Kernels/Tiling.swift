import Glibc

/// A count cut into parts of one size, the last one smaller. The size depends on shapes alone, never on threads, so
/// that sums keep their order.
struct Tiling {
  let count: Int
  let size: Int

  init(_ count: Int, by size: Int) {
    self.count = count
    self.size = max(1, size)
  }

  /// At most `parts` parts, each a multiple of `multiple` long but for the last.
  init(_ count: Int, parts: Int, multiple: Int = 1) {
    let size = (count + parts - 1) / max(1, parts)
    self.init(count, by: (size + multiple - 1) / multiple * multiple)
  }

  var tiles: Int { (count + size - 1) / size }
  subscript(tile: Int) -> Range<Int> { tile * size..<min(count, (tile + 1) * size) }
}

extension WorkerPool {
  /// Values that one tile of an elementwise operation covers: large beside the cost of taking a tile, small beside a
  /// cache.
  static let elementsPerTile = 16384

  /// Calls `body` with ranges that cover 0..<count; each but the last is `elementsPerTile` long.
  func elements(_ count: Int, _ body: (Range<Int>) -> Void) {
    let tiling = Tiling(count, by: Self.elementsPerTile)
    run(tiles: tiling.tiles) { tile, _ in body(tiling[tile]) }
  }

  /// Cuts a matrix into blocks of at most 128 x 128, one matrix product each.
  func blocks(_ rows: Int, _ columns: Int, _ body: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void) {
    let (down, across) = (Tiling(rows, by: 128), Tiling(columns, by: 128))
    run(tiles: down.tiles * across.tiles) { tile, _ in body(down[tile / across.tiles], across[tile % across.tiles]) }
  }

  /// Copies `count` values, or adds them to what is there.
  func copy(_ count: Int, from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, adding: Bool) {
    elements(count) { range in
      if adding {
        Kernels.table.add(range.count, source + range.lowerBound, target + range.lowerBound)
      } else {
        memcpy(target + range.lowerBound, source + range.lowerBound, range.count * MemoryLayout<Float>.stride)
      }
    }
  }
}

/// Sums down the columns of a row-major matrix: the gradient of a bias.
struct ColumnSums {
  let rows: Int
  let columns: Int
  private var tiling: Tiling { Tiling(rows, by: max(64, (rows + 31) / 32)) }

  var scratch: Int { tiling.tiles * columns }

  /// Writes the sums of all rows of `values` [rows, columns] to `sums` [columns].
  func run(
    _ values: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) {
    let tiling = self.tiling
    pool.run(tiles: tiling.tiles) { tile, _ in
      let rows = tiling[tile]
      Kernels.table.column_sums(
        rows.count, columns, columns, 1, values + rows.lowerBound * columns, scratch + tile * columns)
    }
    Kernels.table.column_sums(tiling.tiles, columns, columns, 1, scratch, sums)
  }
}

/// Rows of a bias, written before a matrix product is added to them.
func fill(rows: Int, columns: Int, stride: Int, of target: UnsafeMutablePointer<Float>, with bias: UnsafePointer<Float>)
{
  for row in 0..<rows { memcpy(target + row * stride, bias, columns * MemoryLayout<Float>.stride) }
}
