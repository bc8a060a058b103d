import Diagnostics

/// Cuts a scalar's text at its `${...}`; nil where it has neither `${` nor `$${`. Throws `DiagnosticFailure` with every
/// part that cannot be read.
func templateParts(_ text: String, at span: SourceSpan) throws -> [Template.Part]? {
  let scalars = Array(text.unicodeScalars)
  guard let found = expressions(in: scalars) else { return nil }
  let places = found.ranges.isEmpty ? [] : sourcePlaces(of: found.ranges.map { Array(scalars[$0]) }, at: span)
  var parts: [Template.Part] = []
  var findings: [Diagnostic] = []
  var position = 0
  for (range, place) in zip(found.ranges, places) {
    let before = literal(scalars[position..<range.lowerBound - 2])
    if !before.isEmpty { parts.append(.text(before)) }
    position = range.upperBound + 1
    let source = string(scalars[range])
    do {
      parts.append(.expression(try Expression(source, at: TextPlace(source, at: place)), source: source))
    } catch let failure as DiagnosticFailure {
      findings += failure.diagnostics
    }
  }
  if let open = found.unclosed {
    let finding = Diagnostic(
      "expression.unclosed", "'${' without '}'",
      detail: "Close it, or write '$${' where the text itself is meant: \(excerpt(string(scalars[open...]))).", at: span
    )
    findings.append(finding)
  }
  guard findings.isEmpty else { throw DiagnosticFailure(findings) }
  let rest = literal(scalars[min(position, scalars.count)...])
  if !rest.isEmpty { parts.append(.text(rest)) }
  return parts
}

/// The ranges of the texts between `${` and `}`, in order; nil where there is neither `${` nor `$${`. A brace inside
/// single quotes does not close.
private func expressions(in scalars: [Unicode.Scalar]) -> (ranges: [Range<Int>], unclosed: Int?)? {
  var ranges: [Range<Int>] = []
  var index = 0
  var hasEscape = false
  while index + 1 < scalars.count {
    guard scalars[index] == "$" else {
      index += 1
      continue
    }
    if scalars[index + 1] == "$", index + 2 < scalars.count, scalars[index + 2] == "{" {
      hasEscape = true
      index += 3
    } else if scalars[index + 1] == "{" {
      var end = index + 2
      var isQuoted = false
      while end < scalars.count, isQuoted || scalars[end] != "}" {
        if scalars[end] == "'" { isQuoted.toggle() }
        end += 1
      }
      guard end < scalars.count else { return (ranges, index) }
      ranges.append(index + 2..<end)
      index = end + 1
    } else {
      index += 1
    }
  }
  return ranges.isEmpty && !hasEscape ? nil : (ranges, nil)
}

/// Where the source shows each expression; the whole span where it writes them in another way, as with escapes.
private func sourcePlaces(of expressions: [[Unicode.Scalar]], at span: SourceSpan) -> [SourceSpan] {
  let source = span.file.scalars(in: span)
  let found = Syntax.expressions(in: source.map(\.value))?.ranges ?? []
  return expressions.enumerated().map { number, expression in
    guard number < found.count, source[found[number]].map(\.value) == expression,
      let first = source[found[number]].first,
      let last = source[found[number]].last, first.span.start.line == last.span.start.line
    else { return span }
    return SourceSpan(file: span.file, start: first.span.start, end: last.span.end)
  }
}

private func literal(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
  var result = String.UnicodeScalarView()
  var index = scalars.startIndex
  while index < scalars.endIndex {
    let isEscape =
      scalars[index] == "$" && index + 2 < scalars.endIndex && scalars[index + 1] == "$" && scalars[index + 2] == "{"
    // Of "$${" the first sign only keeps the other two from being read.
    if isEscape { index += 1 }
    result.append(scalars[index])
    if isEscape {
      result.append("{")
      index += 1
    }
    index += 1
  }
  return String(result)
}

private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
  var result = String.UnicodeScalarView()
  result.append(contentsOf: scalars)
  return String(result)
}
