import CKernels

/// Convolution with a kernel of 3 or 3x3 and stride one by Winograd's minimal filtering: for each plane a product of the
/// transformed input [tiles, in] with the transformed kernel [in, out], with up to a quarter of the multiplications.
/// Serves forward and, with the kernel turned, the input's gradient.
struct WinogradConvolution: ForwardAlgorithm, InputGradientAlgorithm {
  let shape: WinogradShape
  /// Whether the kernel lies as [in, positions, out] of this convolution, turned: the input's gradient.
  let turned: Bool

  var name: String { shape.name }

  private var geometry: ConvolutionGeometry { shape.geometry }
  /// Output channels that one item of work takes; it transforms its part of the kernel.
  private var outs: Tiling {
    Tiling(geometry.outChannels, by: shape.channelsAtOnce(depth: geometry.inChannels))
  }

  /// Into how many parts an item's rows are cut so that there is work for several threads; each transforms its part of
  /// the kernel again.
  private func groups(_ rows: Int) -> Tiling {
    let parts = max(1, (16 + outs.tiles - 1) / outs.tiles)
    return Tiling(rows, by: max(rowsAtOnce, (rows + parts - 1) / parts))
  }

  /// How often each part of the kernel is transformed.
  var kernelTransforms: Int {
    shape.batches.tiles * groups(min(shape.batches.size, geometry.batch) * shape.tiles).tiles
  }

  /// Rows of a product whose planes stay in the second-level cache.
  private var rowsAtOnce: Int { max(48, 240_000 / (shape.planes * outs.size) / 48 * 48) }
  private var kernels: PlaneLayout { PlaneLayout(planes: shape.planes, rows: geometry.inChannels, columns: outs.size) }
  private var products: PlaneLayout { PlaneLayout(planes: shape.planes, rows: rowsAtOnce, columns: outs.size) }

  func scratch(threads: Int) -> Int { shape.inputs.floats + threads * (kernels.floats + products.floats) }

  func run(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    filter(x: x, weight: weight, bias: bias, y: y, accumulate: false, scratch: scratch, pool: pool)
  }

  func run(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    filter(x: dy, weight: weight, bias: nil, y: dx, accumulate: accumulate, scratch: scratch, pool: pool)
  }

  /// `y (+)= x * weight + bias`.
  private func filter(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, accumulate: Bool, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, shape, outs, inputs, kernels, products) = (geometry, shape, outs, shape.inputs, kernels, products)
    for batch in 0..<shape.batches.tiles {
      let images = shape.batches[batch]
      shape.transformInput(x, images: images, into: scratch, pool: pool)
      let groups = groups(images.count * shape.tiles)
      pool.run(tiles: groups.tiles * outs.tiles) { item, worker in
        let (group, out) = (groups[item % groups.tiles], outs[item / groups.tiles])
        let kernel = scratch + inputs.floats + worker * (kernels.floats + products.floats)
        let product = kernel + kernels.floats
        transformKernel(weight, outs: out, into: kernel)
        for start in stride(from: group.lowerBound, to: group.upperBound, by: rowsAtOnce) {
          let rows = start..<min(group.upperBound, start + rowsAtOnce)
          for plane in 0..<shape.planes {
            var matrices = serspec_product(
              rows: rows.count, columns: out.count, depth: g.inChannels,
              a: scratch + plane * inputs.plane + start * Kernels.panelWidth, a_row: Kernels.panelWidth,
              a_run: Kernels.panelWidth, a_block: inputs.panel, b: kernel + plane * kernels.plane,
              b_panel: kernels.panel, c: product + plane * products.plane, c_row: Kernels.panelWidth,
              c_panel: products.panel, bias: nil, accumulate: 0)
            Kernels.table.panel_product(&matrices)
          }
          let first = images.lowerBound * shape.tiles
          withUnsafePointer(to: shape.output(using: out.count)) { output in
            shape.eachImage(first + rows.lowerBound..<first + rows.upperBound) { image, tiles, offset in
              Kernels.table.winograd_output(
                output, product + offset * Kernels.panelWidth, products.plane, products.panel,
                bias.map { $0 + out.lowerBound }, y + image * g.outPixels * g.outChannels + out.lowerBound,
                Int32(tiles.lowerBound), Int32(tiles.upperBound), accumulate ? 1 : 0)
            }
          }
        }
      }
    }
  }

  /// The planes [in, out] of a part of the kernel.
  private func transformKernel(
    _ weight: UnsafePointer<Float>, outs: Range<Int>, into planes: UnsafeMutablePointer<Float>
  ) {
    let (g, matrices) = (geometry, kernels)
    withUnsafePointer(to: shape.input(using: g.inChannels)) { shape in
      if turned {
        Kernels.table.winograd_kernel(
          shape, g.inChannels, outs.count, weight + outs.lowerBound, g.kernelArea * g.outChannels, g.outChannels, 1,
          planes, matrices.plane, matrices.panel)
      } else {
        Kernels.table.winograd_kernel(
          shape, outs.count, g.inChannels, weight + outs.lowerBound * g.patch, g.patch, g.inChannels, 0, planes,
          matrices.plane, matrices.panel)
      }
    }
  }
}
