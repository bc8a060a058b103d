import CKernels

/// Convolution where each output channel depends on one input channel alone, by loops over channels instead of matrix
/// products.
///
/// With several output channels an input channel (a multiplier) the input is written out first, each channel as often
/// as it is used.
struct DepthwiseConvolution: ForwardAlgorithm, InputGradientAlgorithm, WeightGradientAlgorithm {
  /// The geometry with as many input as output channels.
  private let geometry: ConvolutionGeometry
  private let multiplier: Int
  /// Channels of the true input.
  private let inChannels: Int

  /// nil where the convolution is of another kind.
  init?(_ geometry: ConvolutionGeometry) {
    let limit = Int(SERSPEC_DEPTHWISE_KERNEL)
    guard geometry.groups > 1, geometry.groups == geometry.inChannels, geometry.kernelHeight <= limit,
      geometry.kernelWidth <= limit
    else { return nil }
    inChannels = geometry.inChannels
    multiplier = geometry.outChannels / geometry.inChannels
    var wide = geometry
    wide.inChannels = geometry.outChannels
    wide.groups = geometry.outChannels
    self.geometry = wide
  }

  private var channels: Int { geometry.outChannels }
  private var weights: Int { geometry.kernelArea * channels }
  /// Values of a written out input image; none is needed where each channel is used once.
  private var copy: Int { multiplier == 1 ? 0 : geometry.pixels * channels }

  /// Rows of images that one tile takes; all of an image where the input is written out.
  private func rows(_ height: Int, _ width: Int) -> Tiling {
    Tiling(height, by: multiplier > 1 ? height : max(1, 32768 / max(1, width * channels)))
  }

  var name: String { "depthwise" }

  func scratch(threads: Int) -> Int { (parts.tiles + 1) * weights + threads * copy }

  /// `y = x * weight + bias`.
  func run(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, finish: Finish?, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    Kernels.table.transpose(channels, geometry.kernelArea, weight, scratch, 0)
    let (g, rows, outImage) = (geometry, rows(geometry.outHeight, geometry.outWidth), geometry.outPixels * channels)
    pool.run(tiles: g.batch * rows.tiles) { tile, worker in
      let (image, range) = (tile / rows.tiles, rows[tile % rows.tiles])
      let source = widened(x, image: image, into: scratch + weights + worker * copy)
      withUnsafePointer(to: g.loops(group: 0)) {
        Kernels.table.depthwise(
          $0, source, scratch, bias, Int32(range.lowerBound), Int32(range.upperBound), y + image * outImage)
      }
      let line = g.outWidth * channels
      finish?(at: image * outImage + range.lowerBound * line, rows: range.count, width: line, stride: line)
    }
  }

  /// Writes or adds the gradient of the input.
  func run(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    Kernels.table.transpose(channels, geometry.kernelArea, weight, scratch, 0)
    let (g, rows, outImage) = (geometry, rows(geometry.height, geometry.width), geometry.outPixels * channels)
    let (image, add) = (g.pixels * inChannels, accumulate ? Int32(1) : 0)
    pool.run(tiles: g.batch * rows.tiles) { tile, worker in
      let (sample, range) = (tile / rows.tiles, rows[tile % rows.tiles])
      let target = dx + sample * image
      let wide = multiplier == 1 ? target : scratch + weights + worker * copy
      withUnsafePointer(to: g.loops(group: 0)) {
        Kernels.table.depthwise_input_gradient(
          $0, dy + sample * outImage, scratch, Int32(range.lowerBound), Int32(range.upperBound), wide,
          multiplier == 1 ? add : 0)
      }
      if multiplier > 1 { Kernels.table.fold_each(image, multiplier, wide, target, add) }
    }
  }

  /// Parts of the batch whose sums are kept apart.
  private var parts: Tiling { Tiling(geometry.batch, parts: 16) }

  /// Writes the gradient of the kernel.
  func run(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (g, parts, outImage) = (geometry, parts, geometry.outPixels * channels)
    let copies = scratch + (parts.tiles + 1) * weights
    pool.run(tiles: parts.tiles) { part, worker in
      let sums = scratch + part * weights
      sums.update(repeating: 0, count: weights)
      for image in parts[part] {
        let source = widened(x, image: image, into: copies + worker * copy)
        withUnsafePointer(to: g.loops(group: 0)) {
          Kernels.table.depthwise_weight_gradient($0, source, dy + image * outImage, sums)
        }
      }
    }
    let total = scratch + parts.tiles * weights
    Kernels.table.column_sums(parts.tiles, weights, weights, 1, scratch, total)
    Kernels.table.transpose(g.kernelArea, channels, total, dw, 0)
  }

  /// Image `image` of the input with each channel as often as it is used.
  private func widened(_ x: UnsafePointer<Float>, image: Int, into copy: UnsafeMutablePointer<Float>)
    -> UnsafePointer<Float>
  {
    let (source, count) = (x + image * geometry.pixels * inChannels, geometry.pixels * inChannels)
    if multiplier == 1 { return source }
    Kernels.table.repeat_each(count, multiplier, source, copy)
    return UnsafePointer(copy)
  }
}
