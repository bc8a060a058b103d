import CKernels

/// The gradient of a convolution's input as matrix products with patches: right for every geometry.
struct PatchInputGradient: InputGradientAlgorithm {
  let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  var name: String { geometry.isPointwise ? "product" : geometry.isUnitStride ? "im2col" : "col2im" }

  /// The kernel of one group, turned: [patch of the output's gradient, in].
  private var turnedKernel: PanelLayout {
    PanelLayout(rows: geometry.kernelArea * geometry.groupOutChannels, columns: geometry.groupInChannels)
  }
  /// The kernel of one group as it lies: [out, patch].
  private var plainKernel: PanelLayout { PanelLayout(rows: geometry.groupOutChannels, columns: geometry.patch) }
  private var rows: Tiling {
    PatchConvolution.tiling(rows: geometry.batch * geometry.pixels, patch: geometry.transposed.patch)
  }

  func scratch(threads: Int) -> Int {
    let g = geometry
    if g.isUnitStride {
      return g.groups * turnedKernel.floats + (g.isPointwise ? 0 : threads * rows.size * g.transposed.patch)
    }
    return g.groups * plainKernel.floats + threads * scatterRows * g.patch
  }

  /// Writes or adds the gradient of the input.
  func run(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    if geometry.isUnitStride {
      gather(dy: dy, weight: weight, dx: dx, accumulate: accumulate, scratch: scratch, pool: pool)
    } else {
      scatter(dy: dy, weight: weight, dx: dx, accumulate: accumulate, scratch: scratch, pool: pool)
    }
  }

  /// Stride one: a convolution of the output's gradient with the turned kernel, so that each value is written once.
  private func gather(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, back, kernel, tiling) = (geometry, geometry.transposed, turnedKernel, rows)
    let (groupIn, groupOut, area) = (g.groupInChannels, g.groupOutChannels, g.kernelArea)
    pool.run(tiles: g.groups * area) { tile, _ in
      // Rows (turned position, out) of [group, out, position, in].
      let (group, position) = (tile / area, tile % area)
      let rows = PanelLayout(rows: groupOut, columns: groupIn)
      Kernels.table.pack_panels(
        rows.rows, groupIn, weight + group * groupOut * g.patch + (area - 1 - position) * groupIn, g.patch, 1,
        scratch + group * kernel.floats + position * groupOut * Kernels.panelWidth, kernel.panel)
    }
    let matrices = scratch + g.groups * kernel.floats
    pool.run(tiles: tiling.tiles * g.groups) { tile, worker in
      let (rows, group) = (tiling[tile / g.groups], tile % g.groups)
      var patches = dy + rows.lowerBound * g.outChannels
      if !g.isPointwise {
        let matrix = matrices + worker * tiling.size * back.patch
        back.patches(of: dy, rows: rows, group: group, positions: 0..<area, into: matrix)
        patches = UnsafePointer(matrix)
      }
      var product = serspec_product(
        rows: rows.count, columns: groupIn, depth: back.patch, a: patches, a_row: back.patch, a_run: back.patch,
        a_block: 0, b: scratch + group * kernel.floats, b_panel: kernel.panel,
        c: dx + rows.lowerBound * g.inChannels + group * groupIn, c_row: g.inChannels, c_panel: Kernels.panelWidth,
        bias: nil, accumulate: accumulate ? 1 : 0)
      Kernels.table.panel_product(&product)
    }
  }

  /// Output pixels whose patches are made and scattered at once.
  private var scatterRows: Int { min(geometry.outPixels, max(48, 131_072 / max(1, geometry.patch) / 48 * 48)) }

  /// Any stride: patches of gradients are added back to their image, one image a tile.
  private func scatter(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, kernel, chunks) = (geometry, plainKernel, Tiling(geometry.outPixels, by: scatterRows))
    for group in 0..<g.groups {
      kernel.pack(
        weight + group * g.groupOutChannels * g.patch, rowStep: g.patch, columnStep: 1,
        into: scratch + group * kernel.floats, pool: pool)
    }
    let matrices = scratch + g.groups * kernel.floats
    pool.run(tiles: g.batch) { image, worker in
      let target = dx + image * g.pixels * g.inChannels
      let matrix = matrices + worker * chunks.size * g.patch
      if !accumulate { target.update(repeating: 0, count: g.pixels * g.inChannels) }
      for group in 0..<g.groups {
        withUnsafePointer(to: g.loops(group: group)) { loops in
          for chunk in 0..<chunks.tiles {
            let rows = chunks[chunk]
            var product = serspec_product(
              rows: rows.count, columns: g.patch, depth: g.groupOutChannels,
              a: dy + (image * g.outPixels + rows.lowerBound) * g.outChannels + group * g.groupOutChannels,
              a_row: g.outChannels, a_run: g.groupOutChannels, a_block: 0, b: scratch + group * kernel.floats,
              b_panel: kernel.panel, c: matrix, c_row: g.patch, c_panel: Kernels.panelWidth, bias: nil, accumulate: 0)
            Kernels.table.panel_product(&product)
            Kernels.table.col2im(loops, matrix, Int32(rows.lowerBound), Int32(rows.upperBound), target)
          }
        }
      }
    }
  }
}
