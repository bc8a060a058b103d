import TensorRuntime

/// The shape of one sample: PyTorch's shape without the batch axis, `[27, T]` or `[1, 64, 64]`.
public struct SampleShape: Hashable, Sendable, CustomStringConvertible {
  public let extents: [Extent]

  public init(_ extents: [Extent]) { self.extents = extents }

  /// A shape that is known entirely.
  public init(_ extents: [Int]) { self.extents = extents.map { .known($0) } }

  public var rank: Int { extents.count }

  /// The extents, where all are known.
  public var known: [Int]? {
    let values = extents.compactMap(\.value)
    return values.count == extents.count ? values : nil
  }

  /// `[27, T]`
  public var description: String { "[" + extents.map(\.description).joined(separator: ", ") + "]" }

  /// The layout that the runtime keeps such tensors in: channels last wherever there are spatial axes.
  public static func layout(rank: Int) -> Layout { rank >= 2 ? .channelsLast : .canonical }
}

/// Why a layer cannot take its input. The planner adds where the layer and the input's maker stand in the spec.
public struct ShapeMismatch: Error, Sendable {
  /// `conv2d needs [channels, height, width], found [512]`
  public let summary: String
  /// How to mend it, in whole sentences.
  public let detail: String

  public init(_ summary: String, detail: String) {
    self.summary = summary
    self.detail = detail
  }
}
