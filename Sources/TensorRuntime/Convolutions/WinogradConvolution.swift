/// Convolution with a kernel of 3 or 3x3 and stride one by Winograd's F(4, 3): a product of matrices for each of the 6
/// or 36 planes, with half or a quarter of the multiplications. Serves forward and, with the kernel turned, the input's
/// gradient.
struct WinogradConvolution: Sendable {
  private let shape: WinogradShape
  /// Whether the kernel lies as [in, positions, out] of this convolution, turned: the input's gradient.
  private let turned: Bool

  /// nil where `WinogradShape` has none.
  init?(_ geometry: ConvolutionGeometry, turned: Bool) {
    guard let shape = WinogradShape(geometry) else { return nil }
    self.shape = shape
    self.turned = turned
  }

  private var geometry: ConvolutionGeometry { shape.geometry }
  private var images: Int { shape.imagesAtOnce(channels: geometry.inChannels) }
  private var inputPlane: Int { WinogradShape.plane(images * shape.tiles * geometry.inChannels) }

  /// Output channels that one tile of work takes: its share of the transformed kernel is at most ten megabytes.
  private var outs: Tiling {
    let fitting = 2_400_000 / max(1, shape.planes * geometry.inChannels) / 16 * 16
    return Tiling(geometry.outChannels, by: max(32, min(128, fitting)))
  }

  /// Tiles of the image that one tile of work takes. Each transforms its part of the kernel again, so there are as few
  /// as keep some threads busy.
  private var rows: Tiling {
    let count = images * shape.tiles
    let fitting = max(256, 2_400_000 / (shape.planes * outs.size))
    let parts = max(1, (8 + outs.tiles - 1) / outs.tiles)
    return Tiling(count, by: min(fitting, max(64, (count + parts - 1) / parts)))
  }

  private var kernelPlane: Int { WinogradShape.plane(outs.size * geometry.inChannels) }
  private var outputPlane: Int { WinogradShape.plane(rows.size * outs.size) }

  func scratch(threads: Int) -> Int { shape.planes * (inputPlane + threads * (kernelPlane + outputPlane)) }

  /// `y (+)= x * weight + bias`.
  func run(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, accumulate: Bool, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, shape, blas) = (geometry, shape, BLAS.shared)
    let (inputPlane, kernelPlane, outputPlane) = (inputPlane, kernelPlane, outputPlane)
    let (outs, rows) = (outs, rows)
    let chunks = Tiling(g.batch, by: images)
    let inputs = scratch
    let perWorker = shape.planes * (kernelPlane + outputPlane)
    for chunk in 0..<chunks.tiles {
      let images = chunks[chunk]
      shape.transformInput(x, images: images, planes: inputs, plane: inputPlane, pool: pool)
      let rows = Tiling(images.count * shape.tiles, by: rows.size)
      pool.run(tiles: rows.tiles * outs.tiles) { tile, worker in
        let (block, out) = (rows[tile % rows.tiles], outs[tile / rows.tiles])
        let kernels = scratch + shape.planes * inputPlane + worker * perWorker
        let products = kernels + shape.planes * kernelPlane
        transformKernel(weight, out, kernels, kernelPlane)
        for plane in 0..<shape.planes {
          blas.sgemm(
            transA: false, transB: !turned, m: block.count, n: out.count, k: g.inChannels, alpha: 1,
            a: inputs + plane * inputPlane + block.lowerBound * g.inChannels, lda: g.inChannels,
            b: kernels + plane * kernelPlane, ldb: turned ? out.count : g.inChannels, beta: 0,
            c: products + plane * outputPlane, ldc: out.count)
        }
        withUnsafePointer(to: shape.output) { output in
          shape.eachImage(block) { image, tiles, offset in
            Kernels.table.winograd_output(
              output, products + offset * out.count, outputPlane, out.count, bias.map { $0 + out.lowerBound },
              y + (images.lowerBound + image) * g.outPixels * g.outChannels + out.lowerBound,
              Int32(tiles.lowerBound), Int32(tiles.upperBound), accumulate ? 1 : 0)
          }
        }
      }
    }
  }

  /// Planes of [out, in], or of [in, out] if turned: as the kernel lies.
  private func transformKernel(
    _ weight: UnsafePointer<Float>, _ out: Range<Int>, _ planes: UnsafeMutablePointer<Float>, _ plane: Int
  ) {
    let g = geometry
    if turned {
      Kernels.table.winograd_kernel(
        Int32(shape.axes), g.inChannels, out.count, weight + out.lowerBound, g.kernelArea * g.outChannels,
        g.outChannels, 1, planes, plane)
    } else {
      Kernels.table.winograd_kernel(
        Int32(shape.axes), out.count, g.inChannels, weight + out.lowerBound * g.patch, g.patch, g.inChannels, 0,
        planes, plane)
    }
  }
}
