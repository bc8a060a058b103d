import Diagnostics
import Syntax

/// The tree of a text.
func parse(_ text: String, limits: SyntaxLimits = .standard) throws -> Node {
  try parseYAML(SourceFile(name: "test.yaml", text: text), limits: limits)
}

/// What is wrong with a text; empty where nothing is.
func findings(_ text: String, limits: SyntaxLimits = .standard) -> [Diagnostic] {
  findings { _ = try parse(text, limits: limits) }
}

/// What a piece of work throws as findings.
func findings(_ body: () throws -> Void) -> [Diagnostic] {
  do {
    try body()
    return []
  } catch let failure as DiagnosticFailure {
    return failure.diagnostics
  } catch {
    return [Diagnostic("test.other_error", "\(error)")]
  }
}

/// `id line:column-line:column`, the short form that tables of tests compare.
func brief(_ diagnostic: Diagnostic) -> String {
  guard let span = diagnostic.span else { return diagnostic.id }
  return "\(diagnostic.id) \(brief(span))"
}

func brief(_ span: SourceSpan) -> String {
  "\(span.start.line):\(span.start.column)-\(span.end.line):\(span.end.column)"
}

/// The source of a span, line breaks left out.
func source(_ span: SourceSpan) -> String {
  String(span.file.scalars(in: span).map { Character($0.value) })
}

/// A tree on one line: plain scalars as they are, quoted ones in quotes, nothing as a dot.
func outline(_ node: Node) -> String {
  switch node.content {
  case .scalar(let scalar):
    scalar.style == .plain ? (scalar.text.isEmpty ? "·" : scalar.text) : "\"\(scalar.text)\""
  case .sequence(let items): "[" + items.map(outline).joined(separator: ", ") + "]"
  case .mapping(let entries):
    "{" + entries.map { "\($0.key.value): \(outline($0.value))" }.joined(separator: ", ") + "}"
  }
}

/// A place for nodes that no text holds.
let nowhere: SourceSpan = {
  let start = SourcePosition(line: 1, column: 1)
  return SourceSpan(file: SourceFile(name: "made", text: ""), start: start, end: start)
}()
