import Glibc

/// Whether plans fuse operations.
public enum Fusion: String, Hashable, Sendable {
  case on
  case off

  /// On, unless the environment variable `SERSPEC_FUSION` is `off`.
  public static let standard: Fusion = getenv("SERSPEC_FUSION").flatMap { Fusion(rawValue: String(cString: $0)) } ?? .on
}
