import Foundation
import Synchronization

/// Resizing of images by bilinear interpolation after Gaussian smoothing: scikit-image's `resize` with mode `reflect`.
///
/// Output pixel o of an axis of n pixels made into m is taken at (o + 1/2) n / m - 1/2. Where n > m the axis is first smoothed with
/// a Gaussian of sigma (n / m - 1) / 2, cut at four sigma. Beyond the ends the image is mirrored, its end pixel not repeated.
/// Both steps are linear and separate by axis, so that each axis is one product with a banded matrix.
public struct ImageResize: Hashable, Sendable {
  public let height: Int
  public let width: Int

  /// Resizing to `height` rows and `width` columns.
  public init(height: Int, width: Int) {
    precondition(height > 0 && width > 0, "an image has pixels")
    (self.height, self.width) = (height, width)
  }

  /// The image resized to [height, width].
  public func callAsFunction(_ image: FeatureMatrix) -> FeatureMatrix {
    var result = image
    if image.rows != height { result = Self.axis(from: image.rows, to: height).multiply(result) }
    if image.frames != width {
      result = Self.axis(from: image.frames, to: width).multiply(result.transposed).transposed
    }
    // Rounding must not leave the range of the image.
    guard let low = image.values.min(), let high = image.values.max() else { return result }
    for index in result.values.indices { result.values[index] = min(max(result.values[index], low), high) }
    return result
  }

  private static let cache = Mutex<[[Int]: BandedMatrix]>([:])

  /// The matrix [to, from] that smooths and interpolates one axis, made once.
  private static func axis(from count: Int, to size: Int) -> BandedMatrix {
    cache.withLock { matrices in
      if let known = matrices[[count, size]] { return known }
      let made = makeAxis(from: count, to: size)
      matrices[[count, size]] = made
      return made
    }
  }

  private static func makeAxis(from count: Int, to size: Int) -> BandedMatrix {
    let factor = Double(count) / Double(size)
    let kernel = gaussian(sigma: max(0, (factor - 1) / 2))
    let radius = kernel.count / 2
    let rows = (0..<size).map { pixel -> [Float] in
      let position = (Double(pixel) + 0.5) * factor - 0.5
      let left = Int(position.rounded(.down))
      let share = position - Double(left)
      var row = [Double](repeating: 0, count: count)
      for (index, weight) in [(left, 1 - share), (left + 1, share)] where weight != 0 {
        for tap in kernel.indices {
          row[mirror(mirror(index, count) + tap - radius, count)] += weight * kernel[tap]
        }
      }
      return row.map { Float($0) }
    }
    return BandedMatrix(rows, columns: count)
  }

  /// A Gaussian that sums to one, up to four sigma.
  private static func gaussian(sigma: Double) -> [Double] {
    guard sigma > 1e-15 else { return [1] }
    let radius = Int(4 * sigma + 0.5)
    let bell = (-radius...radius).map { exp(-0.5 / (sigma * sigma) * Double($0 * $0)) }
    let sum = bell.reduce(0, +)
    return bell.map { $0 / sum }
  }

  /// The pixel that stands at `index` when an axis of `count` is mirrored at its end pixels.
  private static func mirror(_ index: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * count - 2
    let within = ((index % period) + period) % period
    return within < count ? within : period - within
  }
}
