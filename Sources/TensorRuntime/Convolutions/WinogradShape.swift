import CKernels

/// A convolution with a kernel of 3 or 3x3 and stride one as Winograd's algorithms see it: an image cut into tiles, and
/// a matrix product for each "plane", one of the positions of a transformed tile.
struct WinogradShape: Hashable, Sendable {
  let geometry: ConvolutionGeometry
  /// 1 or 2.
  let axes: Int
  /// Output pixels of a tile along an axis: 4 or 2.
  let outputs: Int

  /// nil where the algorithm does not apply.
  init?(_ geometry: ConvolutionGeometry, outputs: Int) {
    let g = geometry
    let flat = g.kernelHeight == 1 && g.height == 1 && g.paddingY == 0
    guard g.kernelWidth == 3, g.kernelHeight == 3 || flat, g.isUnitStride, g.dilationX == 1, g.dilationY == 1,
      g.groups == 1, (0...2).contains(g.paddingX), (0...2).contains(g.paddingY)
    else { return nil }
    self.geometry = geometry
    self.outputs = outputs
    axes = flat ? 1 : 2
  }

  var tilesX: Int { (geometry.outWidth + outputs - 1) / outputs }
  var tilesY: Int { axes == 1 ? 1 : (geometry.outHeight + outputs - 1) / outputs }
  /// Tiles of one image.
  var tiles: Int { tilesY * tilesX }
  /// Positions of a transformed tile.
  var planes: Int { axes == 2 ? (outputs + 2) * (outputs + 2) : outputs + 2 }

  /// `winograd F(4x4,3x3)`
  var name: String { axes == 2 ? "winograd F(\(outputs)x\(outputs),3x3)" : "winograd F(\(outputs),3)" }

  private func image(height: Int, width: Int, channels: Int, paddingY: Int, paddingX: Int, using: Int)
    -> serspec_winograd
  {
    serspec_winograd(
      axes: Int32(axes), outputs: Int32(outputs), height: Int32(height), width: Int32(width), channels: Int32(channels),
      width_channels: Int32(using), padding_y: Int32(paddingY), padding_x: Int32(paddingX), tiles_x: Int32(tilesX))
  }

  /// `using` channels of the input as the loops want it.
  func input(using channels: Int) -> serspec_winograd {
    image(
      height: geometry.height, width: geometry.width, channels: geometry.inChannels, paddingY: geometry.paddingY,
      paddingX: geometry.paddingX, using: channels)
  }

  /// `using` channels of the output as the loops want it.
  func output(using channels: Int) -> serspec_winograd {
    image(
      height: geometry.outHeight, width: geometry.outWidth, channels: geometry.outChannels, paddingY: 0, paddingX: 0,
      using: channels)
  }

  /// Floats of transformed input that are made at once: 24 MB.
  private static let transformedInput = 6_000_000

  /// The batch in parts whose transformed input is made at once.
  var batches: Tiling {
    Tiling(geometry.batch, by: WinogradShape.transformedInput / max(1, planes * tiles * geometry.inChannels))
  }

  /// The planes [tiles, in] of the largest of `batches`.
  var inputs: PlaneLayout {
    PlaneLayout(planes: planes, rows: min(batches.size, geometry.batch) * tiles, columns: geometry.inChannels)
  }

  /// Channels whose planes [channels, depth] have about five megabytes, so that they stay in a core's share of the last
  /// cache.
  func channelsAtOnce(depth: Int) -> Int { max(32, min(128, 1_200_000 / max(1, planes * depth) / 32 * 32)) }

  /// Calls `body` with the parts of `rows`, tiles counted over the batch, that lie in one image: its index, its tiles,
  /// and the first's distance from `rows`' first.
  func eachImage(_ rows: Range<Int>, _ body: (_ image: Int, _ tiles: Range<Int>, _ offset: Int) -> Void) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let image = row / tiles
      let end = min(rows.upperBound, (image + 1) * tiles)
      body(image, row - image * tiles..<end - image * tiles, row - rows.lowerBound)
      row = end
    }
  }

  /// Writes the planes [tiles, in] of the input of `images`, laid out as `inputs`.
  func transformInput(
    _ x: UnsafePointer<Float>, images: Range<Int>, into planes: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (matrices, first) = (inputs, images.lowerBound * tiles)
    let tiling = Tiling(images.count * tiles, by: max(16, 65_536 / max(1, self.planes * geometry.inChannels)))
    pool.run(tiles: tiling.tiles) { tile, _ in
      let rows = tiling[tile]
      transformInput(
        x, rows: first + rows.lowerBound..<first + rows.upperBound,
        into: planes + rows.lowerBound * Kernels.panelWidth, matrices)
    }
  }

  /// Writes the planes [rows, in] of the input, for tiles `rows` of the batch.
  func transformInput(
    _ x: UnsafePointer<Float>, rows: Range<Int>, into planes: UnsafeMutablePointer<Float>, _ matrices: PlaneLayout
  ) {
    let g = geometry
    withUnsafePointer(to: input(using: g.inChannels)) { input in
      eachImage(rows) { image, tiles, offset in
        Kernels.table.winograd_input(
          input, x + image * g.pixels * g.inChannels, Int32(tiles.lowerBound), Int32(tiles.upperBound),
          planes + offset * Kernels.panelWidth, matrices.plane, matrices.panel)
      }
    }
  }

  /// Writes the planes [rows, channels] of some channels of the output's gradient, for tiles `rows` of the batch.
  func transformOutputGradient(
    _ dy: UnsafePointer<Float>, rows: Range<Int>, channels: Range<Int>, into planes: UnsafeMutablePointer<Float>,
    _ matrices: PlaneLayout
  ) {
    withUnsafePointer(to: output(using: channels.count)) { output in
      let g = geometry
      eachImage(rows) { image, tiles, offset in
        Kernels.table.winograd_output_gradient(
          output, dy + image * g.outPixels * g.outChannels + channels.lowerBound, Int32(tiles.lowerBound),
          Int32(tiles.upperBound), planes + offset * Kernels.panelWidth, matrices.plane, matrices.panel)
      }
    }
  }
}

/// One matrix in panels for each of `planes` planes.
struct PlaneLayout: Sendable {
  let planes: Int
  let panel: Int
  /// The distance between planes in floats.
  let plane: Int

  init(planes: Int, rows: Int, columns: Int) {
    let matrix = PanelLayout(rows: rows, columns: columns)
    self.planes = planes
    panel = matrix.panel
    plane = PanelLayout.spread(matrix.floats)
  }

  var floats: Int { planes * plane }
}
