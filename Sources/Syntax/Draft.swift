import Diagnostics

// Signatures only, so that callers can be written at once; each moves to its own file with its body.

public struct Expression: Sendable {
  /// `span` is where `text` stands (without `${` and `}`).
  public static func parse(_ text: String, at span: SourceSpan) throws -> Expression { preconditionFailure() }
  /// Every use of a name, in order; `env.NAME` is one name.
  public var names: [Located<String>] { preconditionFailure() }
  /// The closure is asked once for each name; nil means unknown (then `known` gives suggestions).
  public func evaluate(known: [String] = [], _ lookup: (String) throws -> ExpressionValue?) throws -> ExpressionValue {
    preconditionFailure()
  }
}

public struct Template: Sendable {
  /// nil when the node is no scalar, or holds neither `${` nor `$${`.
  public static func parse(_ node: Node) throws -> Template? { preconditionFailure() }
  /// The same for a key, which always gives a text.
  public static func parse(key: Located<String>) throws -> Template? { preconditionFailure() }
  /// Every use of a name, in order.
  public var names: [Located<String>] { preconditionFailure() }
  /// Whether a name starts with `env.`.
  public var usesEnvironment: Bool { preconditionFailure() }
  /// With `keepingEnvironment`, `${env.NAME}` stays in the text as written, and all else is replaced.
  public func evaluate(
    known: [String] = [], keepingEnvironment: Bool = false, _ lookup: (String) throws -> ExpressionValue?
  ) throws -> Node { preconditionFailure() }
  /// The text with every `${` written as `$${`, so that it comes back as it is.
  public static func escaped(_ text: String) -> String { preconditionFailure() }
}

/// `comment` is asked for every value that has a line of its own, with the keys and indices that lead to it.
public func emitYAML(_ node: Node, comment: ((_ path: [String], _ node: Node) -> String?)? = nil) -> String {
  preconditionFailure()
}
