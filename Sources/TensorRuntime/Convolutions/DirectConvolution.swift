import CKernels

/// Convolution without patches, for few input channels: the rows of a matrix product are read where they lie, in a copy
/// of the image with its padding.
struct DirectConvolution: ForwardAlgorithm {
  let geometry: ConvolutionGeometry

  /// nil where the values under a row of the kernel do not lie side by side.
  init?(_ geometry: ConvolutionGeometry) {
    guard geometry.groups == 1, geometry.dilationX == 1 || geometry.kernelWidth == 1, geometry.paddingX >= 0,
      geometry.paddingY >= 0
    else { return nil }
    self.geometry = geometry
  }

  var name: String { "direct" }

  /// Output rows of one tile.
  private var rows: Tiling { Tiling(geometry.outHeight, by: max(8, 2048 / max(1, geometry.outWidth))) }
  private var kernel: PanelLayout { PanelLayout(rows: geometry.patch, columns: geometry.outChannels) }
  /// Extents of a padded copy of the part of an image under `rows`.
  private var copyWidth: Int { (geometry.outWidth - 1) * geometry.strideX + geometry.kernelWidth }
  private func copyHeight(_ rows: Int) -> Int {
    (rows - 1) * geometry.strideY + (geometry.kernelHeight - 1) * geometry.dilationY + 1
  }
  private var copy: Int {
    PanelLayout.spread(copyHeight(min(rows.size, geometry.outHeight)) * copyWidth * geometry.inChannels)
  }

  func scratch(threads: Int) -> Int { kernel.floats + threads * copy }

  func run(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, finish: Finish?, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, kernel, tiling) = (geometry, kernel, rows)
    kernel.pack(weight, rowStep: 1, columnStep: g.patch, into: scratch, pool: pool)
    let line = copyWidth * g.inChannels
    pool.run(tiles: g.batch * tiling.tiles) { tile, worker in
      let (image, rows) = (tile / tiling.tiles, tiling[tile % tiling.tiles])
      let copy = scratch + kernel.floats + worker * copy
      copyPadded(x + image * g.pixels * g.inChannels, under: rows, into: copy)
      for row in rows {
        var product = serspec_product(
          rows: g.outWidth, columns: g.outChannels, depth: g.patch,
          a: copy + (row - rows.lowerBound) * g.strideY * line, a_row: g.strideX * g.inChannels,
          a_run: g.kernelWidth * g.inChannels, a_block: g.dilationY * line, b: scratch, b_panel: kernel.panel,
          c: y + (image * g.outPixels + row * g.outWidth) * g.outChannels, c_row: g.outChannels,
          c_panel: Kernels.panelWidth, bias: bias, accumulate: 0)
        Kernels.table.panel_product(&product)
      }
      finish?(
        at: (image * g.outPixels + rows.lowerBound * g.outWidth) * g.outChannels, rows: rows.count * g.outWidth,
        width: g.outChannels, stride: g.outChannels)
    }
  }

  /// Copies what lies under output rows `rows`, with zeros where the padding is.
  private func copyPadded(_ image: UnsafePointer<Float>, under rows: Range<Int>, into copy: UnsafeMutablePointer<Float>)
  {
    let g = geometry
    let (line, first) = (copyWidth * g.inChannels, rows.lowerBound * g.strideY - g.paddingY)
    let columns = min(g.width, copyWidth - g.paddingX)
    for y in 0..<copyHeight(rows.count) {
      let target = copy + y * line
      guard (0..<g.height).contains(first + y), columns > 0 else {
        target.update(repeating: 0, count: line)
        continue
      }
      let before = g.paddingX * g.inChannels
      target.update(repeating: 0, count: before)
      (target + before).update(from: image + (first + y) * g.width * g.inChannels, count: columns * g.inChannels)
      (target + before + columns * g.inChannels).update(
        repeating: 0, count: line - before - columns * g.inChannels)
    }
  }
}
