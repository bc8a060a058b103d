import Diagnostics

/// A node of the syntax tree: what was written, and where. Immutable; phases make new trees.
public struct Node: Sendable {
  public enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping([Entry])
  }

  public let content: Content
  /// Where the value was written. After merging, spans of one tree point into several files.
  public let span: SourceSpan
  /// The values that this one replaced, nearest first: what an extended file, a default or a parameter said before.
  public let replaced: [SourceSpan]

  public init(_ content: Content, at span: SourceSpan, replacing replaced: [SourceSpan] = []) {
    self.content = content
    self.span = span
    self.replaced = replaced
  }
}

/// The text of a scalar. Types are decided by the field that reads it, not by YAML's guesses.
public struct Scalar: Sendable, Hashable {
  public enum Style: Sendable {
    /// Written without quotes: may be read as a number, a boolean or null.
    case plain
    /// Quoted or a block: always a string.
    case quoted
  }

  public let text: String
  public let style: Style

  public init(_ text: String, style: Style = .plain) {
    self.text = text
    self.style = style
  }
}

/// A key and its value, in the order that they were written in.
public struct Entry: Sendable {
  public let key: Located<String>
  public let value: Node

  public init(key: Located<String>, value: Node) {
    self.key = key
    self.value = value
  }
}
