import CKernels

/// What Winograd's algorithms for kernels of 3 or 3x3 need to know of a convolution.
struct WinogradShape: Sendable {
  let geometry: ConvolutionGeometry
  /// 1 or 2.
  let axes: Int
  let tilesY: Int
  let tilesX: Int

  /// Floats of transformed input that are made at once: 40 MB, about what a server's third-level cache holds.
  private static let transformedInput = 10_000_000

  /// nil where the algorithm does not apply or would not pay.
  init?(_ geometry: ConvolutionGeometry) {
    let g = geometry
    let flat = g.kernelHeight == 1 && g.height == 1 && g.paddingY == 0
    guard g.kernelWidth == 3, g.kernelHeight == 3 || flat, g.strideX == 1, g.strideY == 1, g.dilationX == 1,
      g.dilationY == 1, g.groups == 1, (0...2).contains(g.paddingX), (0...2).contains(g.paddingY)
    else { return nil }
    self.geometry = geometry
    axes = flat ? 1 : 2
    tilesX = (g.outWidth + 3) / 4
    tilesY = flat ? 1 : (g.outHeight + 3) / 4
    // Multiplications saved by a factor, of which the transforms take their share: the fewer channels, the more.
    let saved = Double(g.outPixels * g.kernelArea) / Double(max(1, tiles * planes))
    guard saved >= 1.4, min(g.inChannels, g.outChannels) >= Self.leastChannels(axes: axes) else { return nil }
  }

  /// Below these the transforms cost more than the products save.
  private static func leastChannels(axes: Int) -> Int { axes == 2 ? 16 : 32 }

  /// Tiles of one image.
  var tiles: Int { tilesY * tilesX }
  /// Positions of a transformed tile.
  var planes: Int { axes == 2 ? 36 : 6 }

  /// The distance between planes of `count` values: odd in cache lines, so that they do not fall on the same places of
  /// a cache.
  static func plane(_ count: Int) -> Int { ((count + 15) / 16 | 1) * 16 }

  /// Images that are transformed at once.
  func imagesAtOnce(channels: Int) -> Int {
    min(geometry.batch, max(1, Self.transformedInput / max(1, planes * tiles * channels)))
  }

  func image(height: Int, width: Int, channels: Int, paddingY: Int, paddingX: Int) -> serspec_winograd {
    serspec_winograd(
      axes: Int32(axes), height: Int32(height), width: Int32(width), channels: Int32(channels),
      padding_y: Int32(paddingY), padding_x: Int32(paddingX), tiles_x: Int32(tilesX))
  }

  /// The input as `serspec_winograd` wants it.
  var input: serspec_winograd {
    image(
      height: geometry.height, width: geometry.width, channels: geometry.inChannels, paddingY: geometry.paddingY,
      paddingX: geometry.paddingX)
  }

  /// The output as `serspec_winograd` wants it.
  var output: serspec_winograd {
    image(
      height: geometry.outHeight, width: geometry.outWidth, channels: geometry.outChannels, paddingY: 0, paddingX: 0)
  }

  /// Calls `body` with the parts of `rows`, tiles counted over several images, that lie in one image: its index, its
  /// tiles, and the first's distance from `rows`' first.
  func eachImage(_ rows: Range<Int>, _ body: (_ image: Int, _ tiles: Range<Int>, _ offset: Int) -> Void) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let image = row / tiles
      let end = min(rows.upperBound, (image + 1) * tiles)
      body(image, row - image * tiles..<end - image * tiles, row - rows.lowerBound)
      row = end
    }
  }

  /// Writes the planes of the inputs of `images`: [planes][tiles of all images, channels].
  func transformInput(
    _ x: UnsafePointer<Float>, images: Range<Int>, planes: UnsafeMutablePointer<Float>, plane: Int, pool: WorkerPool
  ) {
    let g = geometry
    let tiling = Tiling(images.count * tiles, by: max(1, 32_768 / max(1, self.planes * g.inChannels)))
    let start = x + images.lowerBound * g.pixels * g.inChannels
    pool.run(tiles: tiling.tiles) { tile, _ in
      withUnsafePointer(to: input) { input in
        let rows = tiling[tile]
        eachImage(rows) { image, tiles, offset in
          Kernels.table.winograd_input(
            input, start + image * g.pixels * g.inChannels, Int32(tiles.lowerBound), Int32(tiles.upperBound),
            planes + (rows.lowerBound + offset) * g.inChannels, plane)
        }
      }
    }
  }
}
