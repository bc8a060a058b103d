/// The gradient of a kernel of 3 or 3x3 by Winograd's F(3, 4): the kernel's gradient is a convolution of the input with
/// the output's gradient, whose tiles of 4 or 4x4 are the kernels.
struct WinogradWeightGradient: Sendable {
  private let shape: WinogradShape

  /// nil where `WinogradShape` has none.
  init?(_ geometry: ConvolutionGeometry) {
    guard let shape = WinogradShape(geometry) else { return nil }
    self.shape = shape
  }

  private var geometry: ConvolutionGeometry { shape.geometry }
  private var images: Int { shape.imagesAtOnce(channels: geometry.inChannels) }
  private var weights: Int { geometry.outChannels * geometry.patch }
  private var inputPlane: Int { WinogradShape.plane(images * shape.tiles * geometry.inChannels) }

  private var outs: Tiling {
    let fitting = 2_400_000 / max(1, shape.planes * geometry.inChannels) / 16 * 16
    return Tiling(geometry.outChannels, by: max(32, min(128, fitting)))
  }

  /// Parts of the batch whose sums are kept apart, so that a small kernel too makes work for several threads.
  private var parts: Int {
    let wanted = (8 + outs.tiles - 1) / outs.tiles
    return max(1, min(wanted, 2_400_000 / max(1, weights), images * shape.tiles / 64))
  }

  /// Tiles of the image that are multiplied at once.
  private var step: Int { max(64, min(512, 1_200_000 / (shape.planes * outs.size))) }
  private var gradientPlane: Int { WinogradShape.plane(step * outs.size) }
  private var productPlane: Int { WinogradShape.plane(outs.size * geometry.inChannels) }
  private var partSums: Int { parts > 1 ? parts * weights : 0 }

  func scratch(threads: Int) -> Int {
    shape.planes * (inputPlane + threads * (gradientPlane + productPlane)) + partSums
  }

  /// Writes the gradient of the kernel.
  func run(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, shape, parts, outs, weights) = (geometry, shape, parts, outs, weights)
    let (inputPlane, gradientPlane, productPlane) = (inputPlane, gradientPlane, productPlane)
    let chunks = Tiling(g.batch, by: images)
    let (sums, inputs) = (scratch, scratch + partSums)
    let workers = inputs + shape.planes * inputPlane
    let perWorker = shape.planes * (gradientPlane + productPlane)
    for chunk in 0..<chunks.tiles {
      let images = chunks[chunk]
      shape.transformInput(x, images: images, planes: inputs, plane: inputPlane, pool: pool)
      let rows = Tiling(images.count * shape.tiles, parts: parts)
      pool.run(tiles: parts * outs.tiles) { tile, worker in
        let (part, out) = (tile % parts, outs[tile / parts])
        let gradients = workers + worker * perWorker
        let products = gradients + shape.planes * gradientPlane
        // The last chunk of the batch may have fewer parts; the others add nothing.
        if part >= rows.tiles { return }
        multiply(
          inputs: inputs, dy: dy + images.lowerBound * g.outPixels * g.outChannels, rows: rows[part], out: out,
          gradients: gradients, products: products)
        Kernels.table.winograd_kernel_gradient(
          Int32(shape.axes), out.count, g.inChannels, products, productPlane,
          (parts > 1 ? sums + part * weights : dw) + out.lowerBound * g.patch, chunk > 0 ? 1 : 0)
      }
    }
    if parts > 1 {
      let made = Tiling(chunks[0].count * shape.tiles, parts: parts).tiles
      pool.elements(weights) { range in
        Kernels.table.column_sums(made, range.count, weights, 1, sums + range.lowerBound, dw + range.lowerBound)
      }
    }
  }

  /// Writes the planes [out, in] of the products, summed over `rows`, tiles counted over the images of `dy`.
  private func multiply(
    inputs: UnsafePointer<Float>, dy: UnsafePointer<Float>, rows: Range<Int>, out: Range<Int>,
    gradients: UnsafeMutablePointer<Float>, products: UnsafeMutablePointer<Float>
  ) {
    let (g, blas, inputPlane, step) = (geometry, BLAS.shared, inputPlane, step)
    var row = rows.lowerBound
    while row < rows.upperBound {
      let block = row..<min(rows.upperBound, row + step)
      withUnsafePointer(to: shape.output) { output in
        shape.eachImage(block) { image, tiles, offset in
          Kernels.table.winograd_output_gradient(
            output, dy + image * g.outPixels * g.outChannels + out.lowerBound, Int32(tiles.lowerBound),
            Int32(tiles.upperBound), out.count, gradients + offset * out.count, gradientPlane)
        }
      }
      for plane in 0..<shape.planes {
        blas.sgemm(
          transA: true, transB: false, m: out.count, n: g.inChannels, k: block.count, alpha: 1,
          a: gradients + plane * gradientPlane, lda: out.count,
          b: inputs + plane * inputPlane + block.lowerBound * g.inChannels, ldb: g.inChannels,
          beta: row == rows.lowerBound ? 0 : 1, c: products + plane * productPlane, ldc: g.inChannels)
      }
      row = block.upperBound
    }
  }
}
