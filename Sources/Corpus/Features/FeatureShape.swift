import Audio

/// The shape of one sample of a feature; the length of the clip may be open.
public struct FeatureShape: Hashable, Sendable, CustomStringConvertible {
  public enum Extent: Hashable, Sendable {
    case known(Int)
    /// As many frames as the waveform gives.
    case frames(FrameCount)
  }

  /// Channels, then the spatial axes.
  public let extents: [Extent]

  /// Whether the shape depends on the waveform's length.
  public var isOpen: Bool {
    extents.contains { if case .frames = $0 { true } else { false } }
  }

  /// The extents for a waveform of `samples` samples.
  public func sizes(samples: Int) -> [Int] {
    extents.map {
      switch $0 {
      case .known(let size): size
      case .frames(let count): count(samples: samples)
      }
    }
  }

  /// `[27, T]`
  public var description: String {
    let texts = extents.map {
      switch $0 {
      case .known(let size): String(size)
      case .frames: "T"
      }
    }
    return "[" + texts.joined(separator: ", ") + "]"
  }
}

/// How many frames a waveform gives: frames of `length` samples centred on the multiples of `hop`.
public struct FrameCount: Hashable, Sendable {
  public let hop: Int
  /// Frames of an odd length reach one sample less far.
  public let isOdd: Bool

  init(length: Int, hop: Int) {
    self.hop = hop
    isOdd = length % 2 == 1
  }

  /// 1 + samples / hop, rounded down; one sample less counts for frames of an odd length.
  public func callAsFunction(samples: Int) -> Int { 1 + max(0, samples - (isOdd ? 1 : 0)) / hop }
}
