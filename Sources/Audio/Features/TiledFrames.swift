import CKernels

/// Values over time as spectra are made and read: in tiles of 16 frames, each of which fits a cache.
///
/// A tile holds all rows behind each other, 16 values each; in the last tile, places behind the last frame repeat it.
public struct TiledFrames: Sendable {
  /// Frames of a tile.
  static let width = 16

  public let rows: Int
  public let frames: Int
  /// [tiles, rows, 16]
  var values: [Float]

  /// Tiles of which `fill` writes every value.
  init(rows: Int, frames: Int, fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    (self.rows, self.frames) = (rows, frames)
    let count = (frames + Self.width - 1) / Self.width * rows * Self.width
    values = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      filled = count
    }
  }

  /// How many tiles there are.
  var count: Int { (frames + Self.width - 1) / Self.width }

  /// How many frames the tile `index` has.
  func frames(ofTile index: Int) -> Int { min(Self.width, frames - index * Self.width) }

  /// Calls `body` with the first value of each tile.
  func forEachTile(_ body: (_ index: Int, _ tile: UnsafePointer<Float>) -> Void) {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for index in 0..<count { body(index, base + index * rows * Self.width) }
    }
  }

  /// The same for changing them.
  mutating func changeEachTile(_ body: (_ index: Int, _ tile: UnsafeMutablePointer<Float>) -> Void) {
    let (count, size) = (count, rows * Self.width)
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for index in 0..<count { body(index, base + index * size) }
    }
  }

  /// The values row after row.
  public var matrix: FeatureMatrix {
    FeatureMatrix(rows: rows, frames: frames) { output in
      guard let output = output.baseAddress else { return }
      forEachTile { index, tile in
        let (place, count) = (output + index * Self.width, frames(ofTile: index))
        for row in 0..<rows { (place + row * frames).update(from: tile + row * Self.width, count: count) }
      }
    }
  }
}
