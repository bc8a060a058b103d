/// Decoded sound.
public struct Clip: Sendable {
  /// One array of samples a channel, all of one length, full scale at -1 and 1.
  public var channels: [[Float]]
  /// Samples a second.
  public var rate: Int

  /// A clip of the given channels, which must be of one length.
  public init(channels: [[Float]], rate: Int) {
    precondition(channels.allSatisfy { $0.count == channels[0].count }, "channels differ in length")
    self.channels = channels
    self.rate = rate
  }

  /// Samples a channel.
  public var frames: Int { channels.first?.count ?? 0 }

  /// Length in seconds.
  public var seconds: Double { Double(frames) / Double(rate) }
}
