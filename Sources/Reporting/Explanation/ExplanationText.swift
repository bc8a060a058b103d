import Diagnostics
import Spec
import Syntax

extension Explanation {
  /// What `explain` prints: the value, what it means, and each place that it came by with its line. Without a line break at
  /// the end.
  ///
  /// - Parameter width: source lines are cut there.
  public func text(color: Bool, width: Int = 100) -> String {
    let colour = TextColour(isOn: color)
    var lines: [String]
    if parts.isEmpty {
      lines = [colour.paint("\(key) = \(emitFlow(value))", .title)]
    } else {
      lines = partsText(colour)
      if chain.isEmpty { return lines.joined(separator: "\n") }
    }
    let standing = parts.isEmpty ? standard.map { "the default is \(emitFlow($0))" } : nil
    let accepted = accepts.isEmpty ? nil : isParameter ? accepts : "takes \(accepts)"
    let rules = [accepted, standing].compactMap { $0 }.joined(separator: "; ")
    if !doc.isEmpty, parts.isEmpty { lines.append(doc) }
    if !rules.isEmpty { lines.append(rules.prefix(1).uppercased() + rules.dropFirst() + ".") }
    lines.append("")
    let margin = chain.compactMap { $0.span.map { String($0.start.line).count } }.max() ?? 1
    for link in chain { lines += text(link, margin, colour, width) }
    if !uses.isEmpty {
      lines += ["", "\(uses.count) \(uses.count == 1 ? "value depends" : "values depend") on it:"]
      lines += uses.prefix(20).map { "  \($0)" }
      if uses.count > 20 { lines.append("  and \(uses.count - 20) more") }
    }
    return lines.joined(separator: "\n")
  }

  private func partsText(_ colour: TextColour) -> [String] {
    let rows = parts.map { part in
      let path = part.path.hasPrefix(key + ".") ? String(part.path.dropFirst(key.count + 1)) : part.path
      return (path: path, value: emitFlow(part.value), origin: originText(part.value.span))
    }
    let widths = (
      rows.map { DisplayWidth.of($0.path) }.max() ?? 0, min(rows.map { DisplayWidth.of($0.value) }.max() ?? 0, 40)
    )
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
    }
    let lines = rows.map { row in
      "  \(padded(row.path, widths.0))  \(padded(row.value, widths.1))  " + colour.paint("# \(row.origin)", .dim)
    }
    return [colour.paint(key, .title)] + (doc.isEmpty ? [] : [doc]) + lines
  }

  /// A sentence and, where there is a file, the source line with the place marked.
  private func text(_ link: Link, _ margin: Int, _ colour: TextColour, _ width: Int) -> [String] {
    let indent = String(repeating: "    ", count: link.depth)
    let place = link.span.map { $0.file.name.hasPrefix("--") ? $0.file.name : $0.location }
    let sentence = indent + link.sentence + (place.map { colour.paint("  \($0)", .dim) } ?? "")
    guard let span = link.span, !span.file.name.hasPrefix("--") else { return [sentence] }
    let shown = MarkedLine(span, width: max(40, width - indent.count - margin - 3))
    let number = String(span.start.line)
    let gap = String(repeating: " ", count: margin)
    return [
      sentence,
      indent + String(gap.dropFirst(number.count)) + colour.paint("\(number) |", .dim) + " " + shown.text,
      indent + gap + colour.paint(" |", .dim) + " " + String(repeating: " ", count: shown.offset)
        + colour.paint(String(repeating: "^", count: shown.length), link.role == .overridden ? .removed : .added),
    ]
  }
}

extension Explanation.Link {
  /// What the link says, without its place.
  var sentence: String {
    let written = value.map { emitFlow($0) } ?? text
    switch role {
    case .standard: return "\(written) is the default: nobody wrote anything"
    case .overridden: return "instead of \(text)"
    case .written: return text.contains("${") ? "\(written), from \(text)" : "written as \(text)"
    case .name(let name, let origin):
      let known = value == nil ? name : "\(name) = \(written)" + (text.contains("${") ? ", from \(text)" : "")
      switch origin {
      case .parameter: return "parameter \(known)"
      case .classes: return "\(known), counted in the corpus"
      case .block(let block?): return "\(known), given by a use of the block '\(block)'"
      case .block(nil): return "\(known), given by a use of a block"
      }
    }
  }
}
