/// Slopes over time: librosa's `feature.delta`, a Savitzky-Golay filter.
///
/// In each window of `width` frames a polynomial of degree `order` is fitted by least squares; the value is its derivative of that
/// order, which is the same everywhere in the window. It is n! Σ P(k) x[t + k] / Σ P(k)², with the monic polynomial P of degree n
/// that is orthogonal to all of lower degree over the window (Savitzky and Golay 1964).
public struct Delta: Hashable, Sendable {
  /// What stands beyond the first and last frame.
  public enum Edge: String, Sendable, CaseIterable {
    /// Nothing: frames near an end take the polynomial of the first or last whole window.
    case interp
    /// The end frame.
    case nearest
    /// The frames mirrored, the end frame not repeated.
    case mirror
    /// Zeros.
    case constant
    /// The other end.
    case wrap
  }

  public let width: Int
  public let order: Int
  public let edge: Edge

  /// Derivatives of `order` over windows of `width` frames, an odd number above `order`.
  public init(width: Int = 9, order: Int = 1, edge: Edge = .interp) {
    precondition(width % 2 == 1 && width >= 3 && order >= 1 && order < width, "no such window")
    (self.width, self.order, self.edge) = (width, order, edge)
  }

  /// The fewest frames that a matrix must have.
  public var minimumFrames: Int { edge == .interp ? width : 1 }

  /// The derivatives of each row.
  public func callAsFunction(_ matrix: FeatureMatrix) -> FeatureMatrix {
    precondition(matrix.frames >= minimumFrames, "\(matrix.frames) frames are too few for windows of \(width)")
    let (weights, half, frames) = (weights, width / 2, matrix.frames)
    var result = FeatureMatrix(rows: matrix.rows, frames: frames, values: matrix.values)
    for row in 0..<matrix.rows {
      let start = row * frames
      for frame in 0..<frames {
        // Where the window must lie within, its position does not matter.
        let centre = edge == .interp ? min(max(frame, half), frames - 1 - half) : frame
        let middle = matrix.values[start + centre]
        // The weights sum to zero. Taking differences makes steady values exactly zero.
        var sum = 0.0
        for (tap, weight) in weights.enumerated() {
          sum += weight * Double(value(matrix, start, centre + tap - half) - middle)
        }
        result.values[start + frame] = Float(sum)
      }
    }
    return result
  }

  private func value(_ matrix: FeatureMatrix, _ start: Int, _ frame: Int) -> Float {
    let count = matrix.frames
    guard frame < 0 || frame >= count else { return matrix.values[start + frame] }
    switch edge {
    case .constant: return 0
    case .nearest, .interp: return matrix.values[start + min(max(frame, 0), count - 1)]
    case .wrap: return matrix.values[start + ((frame % count) + count) % count]
    case .mirror:
      guard count > 1 else { return matrix.values[start] }
      let period = 2 * count - 2
      let within = ((frame % period) + period) % period
      return matrix.values[start + (within < count ? within : period - within)]
    }
  }

  /// By the recurrence of the Gram polynomials: P[n+1](k) = k P[n](k) - |P[n]|² / |P[n-1]|² P[n-1](k).
  private var weights: [Double] {
    let positions = (-(width / 2)...(width / 2)).map { Double($0) }
    var (before, now) = ([Double](repeating: 0, count: width), [Double](repeating: 1, count: width))
    var (normBefore, norm, factorial) = (1.0, Double(width), 1.0)
    for degree in 1...order {
      let ratio = degree == 1 ? 0 : norm / normBefore
      let next = positions.indices.map { positions[$0] * now[$0] - ratio * before[$0] }
      (before, now, normBefore) = (now, next, norm)
      norm = now.reduce(0) { $0 + $1 * $1 }
      factorial *= Double(degree)
    }
    return now.map { factorial * $0 / norm }
  }
}
