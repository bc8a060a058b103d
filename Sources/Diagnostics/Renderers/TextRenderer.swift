/// Findings as people read them in a terminal, in the manner of rustc: what, where, the line with carets, how to mend
/// it.
public struct TextRenderer: Sendable {
  private let style: TextStyle
  private let width: Int

  /// Prose wraps at `width` columns; source lines are cut there, around the place that matters.
  public init(color: Bool, width: Int = 100) {
    style = TextStyle(color: color)
    self.width = max(width, 40)
  }

  /// All findings in their order with an empty line between them, then how many there are; without a line break at
  /// the end. Empty where there are none.
  public func render(_ all: [Diagnostic]) -> String {
    guard !all.isEmpty else { return "" }
    let counts = [(all.errorCount, "error"), (all.warningCount, "warning")]
      .filter { $0.0 > 0 }
      .map { "\($0) \($1)\($0 == 1 ? "" : "s")" }
    return (all.map(render) + [counts.joined(separator: ", ")]).joined(separator: "\n\n")
  }

  /// One finding, without a line break at the end.
  public func render(_ diagnostic: Diagnostic) -> String {
    let spans = [diagnostic.span] + diagnostic.notes.map(\.span)
    let gutter = spans.compactMap { $0.map { String($0.start.line).count } }.max() ?? 1
    let margin = String(repeating: " ", count: gutter)
    let mark = style.mark(of: diagnostic.severity)

    var lines = [
      style.paint("\(diagnostic.severity.rawValue)[\(diagnostic.id)]", mark)
        + style.paint(": " + printable(diagnostic.summary), .title)
    ]
    if let span = diagnostic.span { lines += excerpt(of: span, gutter: gutter, caret: "^", mark: mark) }
    if diagnostic.span != nil, diagnostic.suggestion != nil || diagnostic.detail != nil {
      lines.append(style.paint("\(margin) |", .gutter))
    }
    if let suggestion = diagnostic.suggestion {
      lines += paragraph(question(printable(suggestion)), label: "help: ", margin: margin)
    }
    if let detail = diagnostic.detail {
      for part in detail.split(separator: "\n", omittingEmptySubsequences: true) {
        lines += paragraph(printable(String(part)), label: "", margin: margin)
      }
    }
    for note in diagnostic.notes {
      lines.append(style.paint("note", .note) + ": " + printable(note.message))
      if let span = note.span { lines += excerpt(of: span, gutter: gutter, caret: "-", mark: .note) }
    }
    return lines.joined(separator: "\n")
  }

  private func question(_ suggestion: String) -> String {
    suggestion.contains { $0 == "'" || $0 == "\"" } ? "write \(suggestion)" : "did you mean '\(suggestion)'?"
  }

  /// The place, the source line and the marks below it.
  private func excerpt(of span: SourceSpan, gutter: Int, caret: Character, mark: TextStyle.Role) -> [String] {
    let margin = String(repeating: " ", count: gutter)
    let number = String(span.start.line)
    let padding = String(repeating: " ", count: gutter - number.count)
    let shown = MarkedLine(span, width: width - gutter - 3)
    let bar = style.paint("\(margin) |", .gutter)
    return [
      "\(margin)\(style.paint("-->", .gutter)) \(printable(span.location))",
      bar,
      style.paint("\(padding)\(number) |", .gutter) + (shown.text.isEmpty ? "" : " " + shown.text),
      bar + " " + String(repeating: " ", count: shown.offset)
        + style.paint(String(repeating: caret, count: shown.length), mark),
    ]
  }

  /// `= text`, wrapped and indented below its first word. A text that starts with a space is an example: it stays as
  /// it is.
  private func paragraph(_ text: String, label: String, margin: String) -> [String] {
    let first = "\(margin) \(style.paint("=", .gutter)) "
    let rest = "\(margin)   "
    guard text.first != " " else { return [rest + text] }
    var lines: [String] = []
    var current = label
    for word in text.split(separator: " ") {
      if current.isEmpty || current == label {
        current += word
      } else if columns(of: current) + 1 + columns(of: String(word)) + margin.count + 3 <= width {
        current += " " + word
      } else {
        lines.append(current)
        current = String(word)
      }
    }
    lines.append(current)
    return lines.enumerated().map { ($0 == 0 ? first : rest) + $1 }
  }
}
