import Audio

/// Where a clip's sound comes from.
public struct ClipSource: Sendable {
  /// What tells that two clips have the same sound, without making it.
  public enum Identity: Sendable {
    /// The bytes of the file at this path.
    case file(String)
    /// Everything that the sound is made from, as text.
    case made(String)
    /// Nothing: the clip cannot be kept from run to run.
    case unknown
  }

  /// Names the clip in messages.
  public let name: String
  public let identity: Identity
  /// Gives the sound; throws a `DiagnosticFailure` where that cannot be.
  public let load: @Sendable () throws -> Clip

  /// Sound that `load` makes.
  public init(name: String, identity: Identity = .unknown, load: @escaping @Sendable () throws -> Clip) {
    self.name = name
    self.identity = identity
    self.load = load
  }

  /// Sound in the file at `path`.
  public static func file(_ path: String) -> ClipSource {
    ClipSource(name: path, identity: .file(path)) { try AudioDecoder.decode(path: path) }
  }
}
