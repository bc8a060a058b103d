/// The gradient of a kernel as matrix products of the output's gradient with patches.
///
/// A small kernel's gradient is summed over fixed parts of the batch, a large one is cut into blocks that each see the
/// whole batch: in both cases the order of the sums does not depend on the number of threads.
struct PatchWeightGradient: Sendable {
  let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  private var rows: Int { geometry.batch * geometry.outPixels }
  private var weights: Int { geometry.outChannels * geometry.patch }

  /// Parts of the batch whose sums are kept apart; one means blocks of the kernel instead.
  private var parts: Int {
    let parts = min(16, 1_048_576 / max(1, weights), (rows + 63) / 64)
    return parts < 4 ? 1 : parts
  }

  /// Rows of patches, of `width` values, that are made at once.
  private func chunkRows(width: Int) -> Int { max(64, min(1024, 131_072 / max(1, width))) }

  func scratch(threads: Int) -> Int {
    let g = geometry
    if parts > 1 {
      return parts * weights + (g.isPointwise ? 0 : threads * chunkRows(width: g.patch) * g.patch)
    }
    return g.isPointwise ? 0 : threads * chunkRows(width: g.groupInChannels) * g.groupInChannels
  }

  /// Writes the gradient of the kernel.
  func run(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    if parts > 1 {
      sumParts(x: x, dy: dy, dw: dw, scratch: scratch, pool: pool)
    } else {
      sumBlocks(x: x, dy: dy, dw: dw, scratch: scratch, pool: pool)
    }
  }

  private func sumParts(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, weights) = (geometry, weights)
    let chunkSize = chunkRows(width: g.patch)
    let tiling = Tiling(rows, parts: parts, multiple: 8)
    let matrices = scratch + parts * weights
    pool.run(tiles: tiling.tiles) { part, worker in
      accumulate(
        x: x, dy: dy, rows: tiling[part], chunkSize: chunkSize, positions: 0..<g.kernelArea, outs: nil,
        matrix: matrices + worker * chunkSize * g.patch, into: scratch + part * weights)
    }
    pool.elements(weights) { range in
      Kernels.table.column_sums(
        tiling.tiles, range.count, weights, 1, scratch + range.lowerBound, dw + range.lowerBound)
    }
  }

  private func sumBlocks(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let g = geometry
    let chunkSize = chunkRows(width: g.groupInChannels)
    // Blocks of output channels, so that there are some tiles even where the kernel has one position.
    let outs = Tiling(g.groupOutChannels, parts: max(1, 16 / g.kernelArea), multiple: 16)
    pool.run(tiles: g.kernelArea * outs.tiles) { tile, worker in
      let position = tile / outs.tiles
      accumulate(
        x: x, dy: dy, rows: 0..<rows, chunkSize: chunkSize, positions: position..<position + 1,
        outs: outs[tile % outs.tiles], matrix: scratch + worker * chunkSize * g.groupInChannels, into: dw)
    }
  }

  /// Writes dy^T patches over `rows` to the part of the kernel `into` that belongs to `positions` and `outs`, output
  /// channels of each group (nil: all).
  private func accumulate(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, rows: Range<Int>, chunkSize: Int, positions: Range<Int>,
    outs: Range<Int>?, matrix: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>
  ) {
    let (g, blas) = (geometry, BLAS.shared)
    let width = positions.count * g.groupInChannels
    let outs = outs ?? 0..<g.groupOutChannels
    for group in 0..<g.groups {
      let firstOut = group * g.groupOutChannels + outs.lowerBound
      var row = rows.lowerBound
      while row < rows.upperBound {
        let chunk = row..<min(rows.upperBound, row + (g.isPointwise ? rows.count : chunkSize))
        var patches = x + chunk.lowerBound * g.inChannels
        if !g.isPointwise {
          g.patches(of: x, rows: chunk, group: group, positions: positions, into: matrix)
          patches = UnsafePointer(matrix)
        }
        blas.sgemm(
          transA: true, transB: false, m: outs.count, n: width, k: chunk.count, alpha: 1,
          a: dy + chunk.lowerBound * g.outChannels + firstOut, lda: g.outChannels, b: patches, ldb: width,
          beta: row == rows.lowerBound ? 0 : 1,
          c: target + firstOut * g.patch + positions.lowerBound * g.groupInChannels, ldc: g.patch)
        row = chunk.upperBound
      }
    }
  }
}
