/// How large an input may grow before it is refused. Reading stops as soon as one limit is passed.
public struct SyntaxLimits: Sendable {
  /// Bytes in a file.
  public let bytes: Int
  /// Collections within each other.
  public let depth: Int
  /// Uses of anchors (`*name`) in a file.
  public let aliases: Int
  /// Values in a file, after its aliases and merge keys have been replaced by what they stand for.
  public let nodes: Int
  /// UTF-8 bytes in one scalar.
  public let scalarBytes: Int

  public init(
    bytes: Int = 1_048_576, depth: Int = 64, aliases: Int = 100, nodes: Int = 10_000, scalarBytes: Int = 65_536
  ) {
    self.bytes = bytes
    self.depth = depth
    self.aliases = aliases
    self.nodes = nodes
    self.scalarBytes = scalarBytes
  }

  /// 1 MiB a file, 64 levels, 100 aliases, 10,000 values, 64 KiB a scalar.
  public static let standard = SyntaxLimits()
}
