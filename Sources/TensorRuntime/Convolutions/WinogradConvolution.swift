import CKernels

/// Convolution with a kernel of 3 or 3x3 and stride one by Winograd's minimal filtering: for each plane a product of the
/// transformed input [tiles, in] with the transformed kernel [in, out], with up to a quarter of the multiplications.
/// Serves forward and, with the kernel turned, the input's gradient.
///
/// The larger of the transformed matrices is never whole in memory. A small kernel is transformed once, and each item of
/// work transforms its tiles of the input; with a large one the input is transformed once, and each item transforms its
/// output channels of the kernel.
struct WinogradConvolution: ForwardAlgorithm, InputGradientAlgorithm {
  let shape: WinogradShape
  /// Whether the kernel lies as [in, positions, out] of this convolution, turned: the input's gradient.
  let turned: Bool

  var name: String { shape.name }

  private var geometry: ConvolutionGeometry { shape.geometry }

  /// Floats of a transformed kernel that counts as small: 12 MB.
  private static let smallKernel = 3_000_000

  private var keepsKernel: Bool {
    shape.planes * geometry.inChannels * geometry.outChannels <= WinogradConvolution.smallKernel
  }

  /// Output channels of one product; with a large kernel, those of one item of work.
  private var outs: Tiling {
    Tiling(geometry.outChannels, by: keepsKernel ? 128 : shape.channelsAtOnce(depth: geometry.inChannels))
  }

  /// Tiles of the batch that one item of work takes with a small kernel: as many as have two megabytes of transformed
  /// input, unless there would be too few items for several threads.
  private var rows: Tiling {
    let count = geometry.batch * shape.tiles
    let fitting = min(192, 600_000 / max(1, shape.planes * geometry.inChannels))
    return Tiling(count, parts: max(16, (count + fitting - 1) / max(1, fitting)), multiple: 24)
  }

  /// Into how many parts an item's rows are cut with a large kernel, so that there is work for several threads; each
  /// transforms its part of the kernel again.
  private func groups(_ rows: Int) -> Tiling {
    let parts = min((16 + outs.tiles - 1) / outs.tiles, (rows + rowsAtOnce - 1) / rowsAtOnce)
    return Tiling(rows, parts: max(1, parts), multiple: 24)
  }

  /// Rows of a product whose planes have a megabyte or two.
  private var rowsAtOnce: Int {
    keepsKernel ? rows.size : max(96, min(480, 300_000 / (shape.planes * outs.size) / 48 * 48))
  }

  /// How often each part of the kernel is transformed.
  var kernelTransforms: Int {
    keepsKernel
      ? 1 : shape.batches.tiles * groups(min(shape.batches.size, geometry.batch) * shape.tiles).tiles
  }

  private var inputs: PlaneLayout {
    keepsKernel
      ? PlaneLayout(planes: shape.planes, rows: rows.size, columns: geometry.inChannels) : shape.inputs
  }
  private var kernels: PlaneLayout {
    PlaneLayout(
      planes: shape.planes, rows: geometry.inChannels, columns: keepsKernel ? geometry.outChannels : outs.size)
  }
  private var products: PlaneLayout { PlaneLayout(planes: shape.planes, rows: rowsAtOnce, columns: outs.size) }

  func scratch(threads: Int) -> Int {
    keepsKernel
      ? kernels.floats + threads * (inputs.floats + products.floats)
      : inputs.floats + threads * (kernels.floats + products.floats)
  }

  func run(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, finish: Finish?, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    filter(
      x: x, weight: weight, target: Target(y: y, bias: bias, accumulate: false, finish: finish), scratch: scratch,
      pool: pool)
  }

  func run(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    filter(
      x: dy, weight: weight, target: Target(y: dx, bias: nil, accumulate: accumulate, finish: nil), scratch: scratch,
      pool: pool)
  }

  /// `y (+)= x * weight + bias`.
  private func filter(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, target: Target, scratch: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) {
    if keepsKernel {
      filterByTiles(x: x, weight: weight, target: target, scratch: scratch, pool: pool)
    } else {
      filterByChannels(x: x, weight: weight, target: target, scratch: scratch, pool: pool)
    }
  }

  /// Where results go and what is added to them.
  private struct Target {
    let y: UnsafeMutablePointer<Float>
    let bias: UnsafePointer<Float>?
    let accumulate: Bool
    let finish: Finish?
  }

  /// A small kernel: transformed once, by all threads.
  private func filterByTiles(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, target: Target, scratch: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) {
    let (g, outs, rows, inputs, kernels, products) = (geometry, outs, rows, inputs, kernels, products)
    let parts = Tiling(g.outChannels, by: Kernels.panelWidth)
    pool.run(tiles: parts.tiles) { part, _ in
      transformKernel(weight, outs: parts[part], into: scratch + part * kernels.panel)
    }
    pool.run(tiles: rows.tiles) { item, worker in
      let input = scratch + kernels.floats + worker * (inputs.floats + products.floats)
      let product = input + inputs.floats
      let rows = rows[item]
      shape.transformInput(x, rows: rows, into: input, inputs)
      for out in 0..<outs.tiles {
        let out = outs[out]
        multiply(
          input: input, inputs, kernel: scratch + out.lowerBound / Kernels.panelWidth * kernels.panel,
          product: product, rows: rows.count, outs: out.count)
        write(product, rows: rows, outs: out, to: target)
      }
    }
  }

  /// A large kernel: each item of work transforms the part for some output channels.
  private func filterByChannels(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, target: Target, scratch: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) {
    let (shape, outs, inputs, kernels, products) = (shape, outs, inputs, kernels, products)
    for batch in 0..<shape.batches.tiles {
      let images = shape.batches[batch]
      shape.transformInput(x, images: images, into: scratch, pool: pool)
      let (groups, first) = (groups(images.count * shape.tiles), images.lowerBound * shape.tiles)
      pool.run(tiles: groups.tiles * outs.tiles) { item, worker in
        let (group, out) = (groups[item % groups.tiles], outs[item / groups.tiles])
        let kernel = scratch + inputs.floats + worker * (kernels.floats + products.floats)
        transformKernel(weight, outs: out, into: kernel)
        let step = Tiling(group.count, parts: (group.count + rowsAtOnce - 1) / rowsAtOnce, multiple: 24).size
        for start in stride(from: group.lowerBound, to: group.upperBound, by: step) {
          let rows = start..<min(group.upperBound, start + step)
          multiply(
            input: scratch + start * Kernels.panelWidth, inputs, kernel: kernel, product: kernel + kernels.floats,
            rows: rows.count, outs: out.count)
          write(
            kernel + kernels.floats, rows: first + rows.lowerBound..<first + rows.upperBound, outs: out, to: target)
        }
      }
    }
  }

  /// Writes the products of all planes, [rows, outs].
  private func multiply(
    input: UnsafePointer<Float>, _ inputs: PlaneLayout, kernel: UnsafePointer<Float>,
    product: UnsafeMutablePointer<Float>, rows: Int, outs: Int
  ) {
    let (kernels, products) = (kernels, products)
    for plane in 0..<shape.planes {
      var matrices = serspec_product(
        rows: rows, columns: outs, depth: geometry.inChannels, a: input + plane * inputs.plane,
        a_row: Kernels.panelWidth, a_run: Kernels.panelWidth, a_block: inputs.panel, b: kernel + plane * kernels.plane,
        b_panel: kernels.panel, c: product + plane * products.plane, c_row: Kernels.panelWidth,
        c_panel: products.panel, bias: nil, accumulate: 0)
      Kernels.table.panel_product(&matrices)
    }
  }

  /// Transforms products back and writes the pixels of tiles `rows` of the batch.
  private func write(_ product: UnsafePointer<Float>, rows: Range<Int>, outs: Range<Int>, to target: Target) {
    let (g, products) = (geometry, products)
    withUnsafePointer(to: shape.output(using: outs.count)) { output in
      shape.eachImage(rows) { image, tiles, offset in
        Kernels.table.winograd_output(
          output, product + offset * Kernels.panelWidth, products.plane, products.panel,
          target.bias.map { $0 + outs.lowerBound },
          target.y + image * g.outPixels * g.outChannels + outs.lowerBound, Int32(tiles.lowerBound),
          Int32(tiles.upperBound), target.accumulate ? 1 : 0)
        if let finish = target.finish {
          eachPixelRun(of: tiles) { pixel, count in
            finish(
              at: (image * g.outPixels + pixel) * g.outChannels + outs.lowerBound, rows: count, width: outs.count,
              stride: g.outChannels)
          }
        }
      }
    }
  }

  /// Calls `body` with each row of output pixels under each of `tiles` of an image: the first pixel and how many.
  private func eachPixelRun(of tiles: Range<Int>, _ body: (_ pixel: Int, _ count: Int) -> Void) {
    let (g, size) = (geometry, shape.outputs)
    for tile in tiles {
      let (top, side) = (shape.axes == 2 ? tile / shape.tilesX * size : 0, tile % shape.tilesX * size)
      for y in top..<(shape.axes == 2 ? min(g.outHeight, top + size) : 1) {
        body(y * g.outWidth + side, min(size, g.outWidth - side))
      }
    }
  }

  /// Writes the planes [in, out] of a part of the kernel.
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
