import Audio

/// Where a clip's sound comes from.
public struct ClipSource: Sendable {
  /// Names the clip in messages.
  public let name: String
  /// Gives the sound; throws a `DiagnosticFailure` where that cannot be.
  public let load: @Sendable () throws -> Clip

  /// Sound that `load` makes.
  public init(name: String, load: @escaping @Sendable () throws -> Clip) {
    self.name = name
    self.load = load
  }

  /// Sound in the file at `path`.
  public static func file(_ path: String) -> ClipSource {
    ClipSource(name: path) { try AudioDecoder.decode(path: path) }
  }
}
