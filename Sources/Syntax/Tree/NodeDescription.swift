extension Node {
  /// What the node is, for messages: "a list", "a mapping", "the number 3", "the text 'relu'", "nothing".
  public var described: String {
    switch content {
    case .sequence(let items): items.isEmpty ? "an empty list" : "a list"
    case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "a mapping"
    case .scalar(let scalar): scalar.described
    }
  }
}

extension Scalar {
  /// What the scalar is, for messages.
  public var described: String {
    if isNull { return text.isEmpty ? "nothing" : "null" }
    if asBoolean != nil { return text }
    if style == .plain, isNumberLiteral(text.utf8) { return "the number \(text)" }
    return text.isEmpty ? "an empty text" : "the text '\(excerpt(text))'"
  }
}

/// At most 40 characters of `text` on one line.
func excerpt(_ text: String) -> String {
  let line = String(text.map { $0.isNewline ? " " : $0 }.prefix(41))
  return line.count > 40 ? line.prefix(37) + "..." : line
}
