import Diagnostics

/// Where the text of an expression stands, so that a mistake in it can be pointed at.
struct TextPlace: Sendable {
  let span: SourceSpan
  /// Whether the source shows the text as it is, on one line: then every scalar has its own column.
  let isExact: Bool

  init(_ text: String, at span: SourceSpan) {
    self.span = span
    isExact = span.start.line == span.end.line && span.end.column - span.start.column == text.unicodeScalars.count
  }

  /// The span of some scalars of the text; the whole where the source writes them in another way.
  func span(_ range: Range<Int>) -> SourceSpan {
    guard isExact else { return span }
    let line = span.start.line
    return SourceSpan(
      file: span.file, start: SourcePosition(line: line, column: span.start.column + range.lowerBound),
      end: SourcePosition(line: line, column: span.start.column + range.upperBound))
  }
}
