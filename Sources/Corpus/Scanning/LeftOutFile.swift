/// An audio file that stands among a corpus's clips and is none of them, by its name.
public struct LeftOutFile: Sendable {
  public enum Reason: Sendable, Equatable {
    /// The pattern does not match.
    case unmatched
    /// The name is not UTF-8, so that it can match nothing; `path` has replacement characters in it.
    case notUTF8
    /// The corpus does not list the class of this code.
    case unknownClass(String)
  }

  /// Below the corpus's folder.
  public let path: String
  public let reason: Reason

  public init(path: String, reason: Reason) {
    (self.path, self.reason) = (path, reason)
  }
}
