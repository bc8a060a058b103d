import Diagnostics

extension Scalar {
  /// What the scalar says by itself, where no field asks for a type: null, a number, a boolean, else a text.
  var value: ExpressionValue {
    if isNull { return .null }
    if let value = asInteger { return .integer(value) }
    if let value = asNumber { return .number(value) }
    if let value = asBoolean { return .boolean(value) }
    return .string(text)
  }
}

extension JSON {
  /// A value as written in a spec: numbers, `true`, `false` and `~` as what they are, all else as text.
  public init(_ node: Node) {
    switch node.content {
    case .scalar(let scalar): self.init(scalar.value)
    case .sequence(let items): self = .array(items.map { JSON($0) })
    case .mapping(let entries): self = .object(entries.map { ($0.key.value, JSON($0.value)) })
    }
  }

  private init(_ value: ExpressionValue) {
    switch value {
    case .null: self = .null
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .boolean(let value): self = .boolean(value)
    case .string(let text): self = .string(text)
    case .list(let items): self = .array(items.map { JSON($0) })
    }
  }
}
