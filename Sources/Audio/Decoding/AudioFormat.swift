/// How the samples of a sound file are kept.
public struct AudioFormat: Hashable, Sendable, CustomStringConvertible {
  public enum Container: String, Sendable {
    case wav = "WAV"
    case flac = "FLAC"
  }

  public enum Encoding: String, Sendable {
    /// Whole numbers.
    case pcm = "PCM"
    /// IEEE 754.
    case float
  }

  public let container: Container
  public let encoding: Encoding
  /// Of a sample of one channel.
  public let bits: Int
  public let channels: Int
  /// Samples a second.
  public let rate: Int

  package init(container: Container, encoding: Encoding, bits: Int, channels: Int, rate: Int) {
    self.container = container
    self.encoding = encoding
    self.bits = bits
    self.channels = channels
    self.rate = rate
  }

  /// `48000 Hz, 16 bit PCM, 1 channel, FLAC`
  public var description: String {
    "\(rate) Hz, \(bits) bit \(encoding.rawValue), \(channels) channel\(channels == 1 ? "" : "s"), \(container.rawValue)"
  }
}
