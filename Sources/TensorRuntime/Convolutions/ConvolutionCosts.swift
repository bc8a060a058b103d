/// What the parts of the algorithms take, in cycles of one core: a model to choose by, not to tell the time.
///
/// The constants were fitted to measurements on an AVX2 machine, one algorithm after the other by `SERSPEC_CONVOLUTION`
/// and `serspec bench`. Wider vectors change all parts in about the same proportion.
enum ConvolutionCosts {
  /// Of a core at 3 GHz.
  static let cyclesPerMillisecond = 3e6

  /// A vector's lanes: half a panel.
  private static var lanes: Double { Double(Kernels.panelWidth / 2) }

  /// Products of [rows, depth] with [depth, columns] in panels.
  static func product(rows: Int, columns: Int, depth: Int) -> Double {
    // A micro kernel of fewer rows waits for its own sums.
    let (whole, rest) = (rows / 6, rows % 6)
    let steps = Double(whole) * 6.8 + (rest > 0 ? max(5, 1.2 * Double(rest)) : 0)
    let panels = Double((columns + Kernels.panelWidth - 1) / Kernels.panelWidth)
    // Sums, results, and the panels from a distant cache.
    return panels * (Double(depth) * (steps + 2.5) + Double(rows) * 5 + 40)
  }

  /// Copying `runs` runs of `length` floats.
  static func copy(runs: Int, length: Int) -> Double {
    Double(runs) * (6 + 1.6 * (Double(length) / lanes).rounded(.up))
  }

  /// Winograd's transform of `tiles` tiles of `channels` channels between `from` and `to` positions.
  static func transform(tiles: Int, channels: Int, from: Int, to: Int) -> Double {
    let vectors = (Double(channels) / lanes).rounded(.up)
    return Double(tiles) * (40 + vectors * 3.2 * Double(from + to))
  }
}

extension DepthwiseConvolution {
  /// Of no consequence, for it has no competitor.
  var cycles: Double { 0 }
}

extension PatchConvolution {
  var cycles: Double {
    let (g, rows) = (geometry, geometry.batch * geometry.outPixels)
    let patches =
      g.isPointwise ? 0 : ConvolutionCosts.copy(runs: rows * g.kernelHeight, length: g.kernelWidth * g.groupInChannels)
    return Double(g.groups)
      * (ConvolutionCosts.product(rows: rows, columns: g.groupOutChannels, depth: g.patch) + patches
        + ConvolutionCosts.copy(runs: g.groupOutChannels * g.patch / 4, length: 1))
  }
}

extension PatchInputGradient {
  var cycles: Double {
    let g = geometry
    if g.isUnitStride { return PatchConvolution(g.transposed).cycles }
    let rows = g.batch * g.outPixels
    return Double(g.groups)
      * (ConvolutionCosts.product(rows: rows, columns: g.patch, depth: g.groupOutChannels)
        + 1.5 * ConvolutionCosts.copy(runs: rows * g.kernelArea, length: g.groupInChannels))
  }
}

extension PatchWeightGradient {
  var cycles: Double {
    let (g, rows) = (geometry, geometry.batch * geometry.outPixels)
    return Double(g.groups)
      * (ConvolutionCosts.product(rows: g.groupOutChannels, columns: g.patch, depth: rows)
        + 2 * ConvolutionCosts.copy(runs: rows * g.kernelHeight, length: g.kernelWidth * g.groupInChannels)
        + ConvolutionCosts.copy(runs: rows, length: g.groupOutChannels))
  }
}

extension DirectConvolution {
  var cycles: Double {
    let g = geometry
    let images = Double(g.batch)
    // Short runs restart the inner loop.
    let restarts = Double(g.outHeight * (g.outWidth / 6 + 1) * g.kernelHeight * (g.outChannels / 16 + 1)) * 8
    return images
      * (Double(g.outHeight)
        * ConvolutionCosts.product(rows: g.outWidth, columns: g.outChannels, depth: g.patch) + restarts
        + ConvolutionCosts.copy(runs: g.height, length: g.width * g.inChannels))
  }
}

extension WinogradShape {
  /// Positions of the kernel and of a tile of outputs.
  fileprivate var areas: (kernel: Int, outputs: Int) { axes == 2 ? (9, outputs * outputs) : (3, outputs) }
}

extension WinogradConvolution {
  var cycles: Double {
    let (g, tiles, areas) = (shape.geometry, shape.geometry.batch * shape.tiles, shape.areas)
    typealias Costs = ConvolutionCosts
    return Double(shape.planes) * Costs.product(rows: tiles, columns: g.outChannels, depth: g.inChannels)
      + Costs.transform(tiles: tiles, channels: g.inChannels, from: shape.planes, to: shape.planes)
      + Costs.transform(tiles: tiles, channels: g.outChannels, from: shape.planes, to: areas.outputs)
      + Double(kernelTransforms)
      * Costs.transform(tiles: g.outChannels, channels: g.inChannels, from: areas.kernel, to: shape.planes)
  }
}

extension WinogradWeightGradient {
  var cycles: Double {
    let (g, tiles, areas) = (shape.geometry, shape.geometry.batch * shape.tiles, shape.areas)
    let counts = blockCounts
    typealias Costs = ConvolutionCosts
    return Double(shape.planes) * Costs.product(rows: g.outChannels, columns: g.inChannels, depth: tiles)
      + Costs.transform(tiles: tiles, channels: g.inChannels, from: shape.planes, to: shape.planes)
      + Double(counts.ins)
      * Costs.transform(tiles: tiles, channels: g.outChannels, from: areas.outputs, to: shape.planes)
      + Double(counts.parts)
      * Costs.transform(tiles: g.outChannels, channels: g.inChannels, from: shape.planes, to: areas.kernel)
  }
}
