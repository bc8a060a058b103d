/// One extent of a shape before the batch is known: a number, or an expression in the clip's length.
public enum Extent: Hashable, Sendable, CustomStringConvertible {
  case known(Int)
  /// ceil(name / divisor); a `divisor` of 1 is the name itself, such as the frame count `T`.
  case variable(String, divisor: Int)
  /// Any other function of the length, as text.
  case expression(String)

  /// The number, where it is known.
  public var value: Int? {
    if case .known(let value) = self { value } else { nil }
  }

  public var description: String {
    switch self {
    case .known(let value): "\(value)"
    case .variable(let name, 1): name
    case .variable(let name, let divisor): "ceil(\(name)/\(divisor))"
    case .expression(let text): text
    }
  }

  /// The extent after a sliding window: floor or ceil of (extent + 2 padding - dilation (kernel - 1) - 1) / stride, plus 1.
  ///
  /// - Parameter known: the exact rule for a known extent; nil where the window does not fit.
  public func windowed(
    kernel: Int, stride: Int, padding: Int, dilation: Int = 1, ceilMode: Bool = false, known: (Int) -> Int?
  ) -> Extent? {
    let lost = dilation * (kernel - 1) - 2 * padding
    switch self {
    case .known(let value):
      return known(value).map { .known($0) }
    case .variable(let name, let divisor):
      if stride == 1, lost == 0 { return self }
      // floor((x - 1) / s) + 1 is ceil(x / s); so is ceil((x - s) / s) + 1.
      if stride > 1, ceilMode ? lost + 1 == stride : lost == 0 {
        return .variable(name, divisor: divisor * stride)
      }
    case .expression: break
    }
    let inner = lost == 0 ? "\(self)" : lost > 0 ? "\(self) - \(lost)" : "\(self) + \(-lost)"
    if stride == 1 { return .expression("(\(inner))") }
    return .expression("\(ceilMode ? "ceil" : "floor")((\(inner) - 1)/\(stride)) + 1")
  }
}
