/// Blanks out bands of rows and stretches of columns, as SpecAugment does (Park et al. 2019, without time warping).
public struct SpectrogramMasks: Sendable {
  /// What takes the place of what is masked.
  public enum Fill: String, Sendable, CaseIterable {
    case zero
    /// The mean of all values of the matrix.
    case mean
  }

  /// The widest band of rows (F), and how many there are.
  public let rows: (widest: Int, count: Int)
  /// The widest stretch of columns (T), and how many there are.
  public let columns: (widest: Int, count: Int)
  /// No stretch is wider than this share of the columns (p).
  public let columnShare: Double
  public let fill: Fill

  public init(
    rows: (widest: Int, count: Int), columns: (widest: Int, count: Int), columnShare: Double, fill: Fill
  ) {
    (self.rows, self.columns, self.columnShare, self.fill) = (rows, columns, columnShare, fill)
  }

  /// Masks `values`, row-major in [height, width]. A band's width is uniform in 0 ... the widest, and so is its place.
  public func apply(to values: UnsafeMutableBufferPointer<Float>, height: Int, width: Int, using draws: inout Draws) {
    guard height > 0, width > 0, values.count == height * width else { return }
    let filling = fill == .zero ? 0 : Float(values.reduce(0) { $0 + Double($1) } / Double(values.count))
    for _ in 0..<rows.count {
      let band = draws.band(upTo: min(rows.widest, height), of: height)
      values[band.lowerBound * width..<band.upperBound * width].update(repeating: filling)
    }
    let widest = min(columns.widest, Int((columnShare * Double(width)).rounded(.down)))
    for _ in 0..<columns.count {
      let band = draws.band(upTo: widest, of: width)
      for row in 0..<height {
        values[row * width + band.lowerBound..<row * width + band.upperBound].update(repeating: filling)
      }
    }
  }
}

extension Draws {
  /// A band of a width in 0 ... `widest` within 0 ..< `size`.
  fileprivate mutating func band(upTo widest: Int, of size: Int) -> Range<Int> {
    let width = integer(upTo: min(widest, size))
    let start = integer(upTo: size - width)
    return start..<start + width
  }
}
