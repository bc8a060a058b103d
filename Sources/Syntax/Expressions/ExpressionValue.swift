import Diagnostics

/// What an expression can be: the types that a scalar or a list of scalars can have.
public indirect enum ExpressionValue: Sendable, Equatable {
  case integer(Int)
  case number(Double)
  case string(String)
  case boolean(Bool)
  case list([ExpressionValue])
  case null
}

extension ExpressionValue {
  /// The value that a node says, by the rules of scalars; nil where it holds a mapping.
  public init?(_ node: Node) {
    switch node.content {
    case .scalar(let scalar):
      self = scalar.value
    case .sequence(let items):
      let values = items.compactMap(ExpressionValue.init)
      guard values.count == items.count else { return nil }
      self = .list(values)
    case .mapping:
      return nil
    }
  }

  /// The value as a node: numbers, booleans and null plain, texts quoted, lists as sequences.
  public func node(at span: SourceSpan) -> Node {
    switch self {
    case .integer(let value): Node(integer: value, at: span)
    case .number(let value): Node(number: value, at: span)
    case .string(let value): Node(string: value, at: span)
    case .boolean(let value): Node(boolean: value, at: span)
    case .list(let values): Node(.sequence(values.map { $0.node(at: span) }), at: span)
    case .null: .null(at: span)
    }
  }

  /// What the value is, for messages: "the number 3", "a list".
  public var described: String {
    switch self {
    case .integer(let value): "the number \(value)"
    case .number(let value): "the number \(shortest(value))"
    case .string(let value): value.isEmpty ? "an empty text" : "the text '\(excerpt(value))'"
    case .boolean(let value): value ? "true" : "false"
    case .list: "a list"
    case .null: "null"
    }
  }
}
