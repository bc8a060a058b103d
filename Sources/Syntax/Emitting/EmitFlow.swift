/// A tree as YAML on one line, for tables and messages: `0.001`, `[3, 5]`, `{adam: {lr: 0.001}}`.
public func emitFlow(_ node: Node) -> String {
  switch node.content {
  case .scalar(let scalar):
    guard case .line(let text) = scalar.emitted(inFlow: true) else { return scalar.text }
    return text
  case .sequence(let items):
    return "[" + items.map(emitFlow).joined(separator: ", ") + "]"
  case .mapping(let entries):
    let parts = entries.map { "\(emittedText($0.key.value, inFlow: true)): \(emitFlow($0.value))" }
    return "{" + parts.joined(separator: ", ") + "}"
  }
}
