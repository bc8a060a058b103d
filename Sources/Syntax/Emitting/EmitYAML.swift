import Diagnostics

/// Writes a tree as YAML: `parseYAML` of the result is the same tree but for its places (`Node.means`). Equal trees
/// give equal bytes.
///
/// Mappings and lists are in block style, two spaces a level; a list of scalars that fits on one line is in brackets.
/// Texts are quoted where they would otherwise be read as something else. `comment` is asked for every value that has
/// a line of its own, with the keys and indices that lead to it; what it returns stands at the end of that line.
public func emitYAML(_ node: Node, comment: ((_ path: [String], _ node: Node) -> String?)? = nil) -> String {
  var emitter = Emitter(comment: comment)
  emitter.root(node)
  return emitter.text()
}

private struct Emitter {
  /// The widest line that a list in brackets may make.
  private static let width = 100
  /// libyaml reads a key without `?` only up to 1024 characters.
  private static let longestKey = 1000

  private let comment: ((_ path: [String], _ node: Node) -> String?)?
  private var lines: [EmittedLine] = []
  private var path: [String] = []

  init(comment: ((_ path: [String], _ node: Node) -> String?)?) {
    self.comment = comment
  }

  func text() -> String { joined(lines) }

  mutating func root(_ node: Node) {
    if let inline = inline(node, after: "") {
      add(inline, note(node))
    } else if case .scalar(let scalar) = node.content,
      case .block(let header, let body) = scalar.emitted(allowsBlock: true)
    {
      add(header, note(node))
      block(body, indent: 2)
    } else {
      collection(node, indent: 0)
    }
  }

  /// The entries or items of a collection that needs lines of its own.
  private mutating func collection(_ node: Node, indent: Int) {
    let margin = String(repeating: " ", count: indent)
    switch node.content {
    case .mapping(let entries): mapping(entries, indent: indent, lead: margin)
    case .sequence(let items): sequence(items, indent: indent, lead: margin)
    case .scalar: break
    }
  }

  /// `lead` is what stands before the first entry on its line: the indentation, or the dash of the list around it.
  private mutating func mapping(_ entries: [Entry], indent: Int, lead: String) {
    let margin = String(repeating: " ", count: indent)
    for (index, entry) in entries.enumerated() {
      path.append(entry.key.value)
      let key = emittedText(entry.key.value, inFlow: false)
      let start = (index == 0 ? lead : margin)
      if key.utf8.count > Self.longestKey {
        add("\(start)? \(key)")
        value(entry.value, after: "\(margin):", indent: indent)
      } else {
        value(entry.value, after: "\(start)\(key):", indent: indent)
      }
      path.removeLast()
    }
  }

  private mutating func value(_ node: Node, after start: String, indent: Int) {
    if let inline = inline(node, after: start + " ") {
      add("\(start) \(inline)", note(node))
      return
    }
    switch node.content {
    case .scalar(let scalar):
      guard case .block(let header, let body) = scalar.emitted(allowsBlock: true) else { return }
      add("\(start) \(header)", note(node))
      block(body, indent: indent + 2)
    case .sequence, .mapping:
      add(start, note(node))
      collection(node, indent: indent + 2)
    }
  }

  private mutating func sequence(_ items: [Node], indent: Int, lead: String) {
    let margin = String(repeating: " ", count: indent)
    for (index, item) in items.enumerated() {
      path.append(String(index))
      defer { path.removeLast() }
      let start = (index == 0 ? lead : margin) + "-"
      if let inline = inline(item, after: start + " ") {
        add("\(start) \(inline)", note(item))
        continue
      }
      switch item.content {
      case .scalar(let scalar):
        guard case .block(let header, let body) = scalar.emitted(allowsBlock: true) else { continue }
        add("\(start) \(header)", note(item))
        block(body, indent: indent + 2)
      case .mapping(let entries):
        mapping(entries, indent: indent + 2, lead: start + " ")
      case .sequence(let inner):
        sequence(inner, indent: indent + 2, lead: start + " ")
      }
    }
  }

  private mutating func block(_ body: [Substring], indent: Int) {
    let margin = String(repeating: " ", count: indent)
    for line in body { add(line.isEmpty ? "" : margin + line) }
  }

  /// The node as it stands on the line that it begins on; nil where it needs more lines.
  private func inline(_ node: Node, after start: String) -> String? {
    switch node.content {
    case .scalar(let scalar):
      if case .line(let text) = scalar.emitted(allowsBlock: true) { return text }
      return nil
    case .mapping(let entries):
      return entries.isEmpty ? "{}" : nil
    case .sequence(let items):
      var texts: [String] = []
      var width = start.unicodeScalars.count + 2
      for item in items {
        guard case .scalar(let scalar) = item.content, case .line(let text) = scalar.emitted(inFlow: true) else {
          return nil
        }
        width += text.unicodeScalars.count + 2
        guard width <= Self.width else { return nil }
        texts.append(text)
      }
      return "[\(texts.joined(separator: ", "))]"
    }
  }

  private func note(_ node: Node) -> String? { comment?(path, node) }

  private mutating func add(_ text: String, _ note: String? = nil) {
    lines.append(EmittedLine(text: text, comment: note))
  }
}
