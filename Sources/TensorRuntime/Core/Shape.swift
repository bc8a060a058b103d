/// The extents of a tensor as PyTorch counts them: batch, channels, then the spatial axes.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public let extents: [Int]

  public init(_ extents: [Int]) {
    precondition(extents.allSatisfy { $0 >= 0 }, "extents are never negative")
    self.extents = extents
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The number of values.
  public var count: Int { extents.reduce(1, *) }
  public var rank: Int { extents.count }

  public subscript(axis: Int) -> Int { extents[axis] }

  /// `[64, 27, 301]`
  public var description: String { "[" + extents.map(String.init).joined(separator: ", ") + "]" }
}

/// How a tensor's values lie in memory. Shapes are always PyTorch's; only the runtime sees the difference.
public enum Layout: Hashable, Sendable {
  /// Row-major in the order of the shape: [N, C, H, W] lies as N, C, H, W.
  case canonical
  /// Channels innermost: [N, C, H, W] lies as N, H, W, C and [N, C, T] as N, T, C.
  case channelsLast
}

extension Layout {
  /// The axes of a tensor of `rank` axes in the order in which they lie in memory, outermost first.
  public func memoryOrder(rank: Int) -> [Int] {
    switch self {
    case .canonical: Array(0..<rank)
    case .channelsLast: rank < 3 ? Array(0..<rank) : [0] + Array(2..<rank) + [1]
    }
  }
}
