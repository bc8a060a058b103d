import Diagnostics

/// libyaml's complaint in the words of someone who writes specs: what was most likely meant, at the place where the
/// mistake is rather than where the parser noticed it.
func diagnostic(of problem: YAMLProblem, in map: SourceMap) -> Diagnostic {
  ProblemReader(problem: problem, map: map).diagnostic()
}

private struct ProblemReader {
  let problem: YAMLProblem
  let map: SourceMap
  let line: SourceLine

  init(problem: YAMLProblem, map: SourceMap) {
    self.problem = problem
    self.map = map
    line = SourceLine(at: problem.place, in: map)
  }

  private var here: SourceSpan { map.span(problem.place, problem.place + 1) }

  private var note: [DiagnosticNote] {
    problem.contextPlace.map { [DiagnosticNote(problem.context, at: map.span($0, $0 + 1))] } ?? []
  }

  func diagnostic() -> Diagnostic {
    if let finding = tab() { return finding }
    switch problem.message {
    case "mapping values are not allowed in this context":
      return unexpectedColon()
    case "could not find expected ':'":
      return missingColon(at: problem.contextPlace ?? problem.place)
    case "did not find expected key":
      return unexpectedText()
    case "did not find expected '-' indicator":
      return Diagnostic(
        "yaml.list", "this line belongs to no list",
        detail: "Every item of a list begins with '- ', and all its items are indented alike.", at: here,
        notes: contextNote("the list begins here"))
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      return unexpectedInBrackets()
    case "found unexpected end of stream", "found unexpected document indicator":
      return Diagnostic(
        "yaml.quote", "the quote that begins here is never closed",
        detail:
          "Put the same quote behind the text. A quote that belongs to the text is doubled ('') or escaped (\\\").",
        at: problem.contextPlace.map { map.span($0, $0 + 1) } ?? here)
    case "found character that cannot start any token":
      let character = map.text(problem.place, problem.place + 1)
      return Diagnostic(
        "yaml.character", "a text cannot begin with '\(character)'", detail: "Put quotes around the text.", at: here)
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      return Diagnostic(
        "yaml.escape", "this is no escape that YAML knows",
        detail: "Inside double quotes '\\' begins an escape. Double it, or put single quotes around the text.", at: here
      )
    case "block sequence entries are not allowed in this context":
      return Diagnostic(
        "yaml.list", "a list cannot begin here",
        detail: "Write its items on lines of their own below, each after '- ', or in brackets: [a, b].", at: here)
    case "did not find expected alphabetic or numeric character":
      return Diagnostic(
        "yaml.character", "'&' and '*' begin the name of an anchor",
        detail: "Put quotes around the text if none was meant.", at: contextSpan)
    case "did not find expected node content":
      return Diagnostic(
        "yaml.bracket", "a value is missing here",
        detail: "A comma or a bracket stands where an item should. At the end of a file, a bracket was never closed.",
        at: here)
    case "did not find expected <document start>":
      return Diagnostic(
        "yaml.syntax", "the text goes on after its end",
        detail: "The value before this place is complete. Is there a bracket too many, or is a line indented wrongly?",
        at: here)
    case "found unexpected ':'":
      return Diagnostic(
        "yaml.colon", "a ':' without a space behind it",
        detail: "Inside brackets write 'key: value'. A text that holds ':' needs quotes there.", at: here)
    case "did not find expected comment or line break":
      return Diagnostic(
        "yaml.character", "text stands behind '|' or '>'",
        detail: "These begin a text on the lines below. Put quotes around a text that begins with them.",
        at: contextSpan)
    case "mapping keys are not allowed in this context":
      return Diagnostic(
        "yaml.character", "a text cannot begin with '? '", detail: "Put quotes around the text.", at: here)
    case _ where problem.context.hasSuffix("directive"):
      return Diagnostic(
        "yaml.directive", "a line that begins with '%' is a directive",
        detail: "A spec has none. Delete the line, or put quotes around the text.", at: contextSpan)
    case _ where problem.context.hasSuffix("tag"), "found undefined tag handle":
      return Diagnostic(
        "yaml.tag", "tags are not allowed", detail: "'!' begins a tag. Put quotes around the text if none was meant.",
        at: contextSpan)
    default:
      let what = problem.context.isEmpty ? "" : " \(problem.context)"
      return Diagnostic("yaml.syntax", "\(problem.message)\(what)", at: here, notes: note)
    }
  }

  private var contextSpan: SourceSpan { problem.contextPlace.map { map.span($0, $0 + 1) } ?? here }

  private func contextNote(_ message: String) -> [DiagnosticNote] {
    problem.contextPlace.map { [DiagnosticNote(message, at: map.span($0, $0 + 1))] } ?? []
  }

  private func tab() -> Diagnostic? {
    let range: Range<Int>
    if let inIndentation = line.tabs {
      range = inIndentation
    } else if map.byte(problem.place) == 0x09 {
      range = problem.place..<problem.place + 1
    } else {
      return nil
    }
    return Diagnostic(
      "yaml.tab", "a tab stands where YAML wants spaces",
      detail: "Indentation is made of spaces only. Replace the tab with as many as the lines beside it have.",
      at: map.span(range.lowerBound, range.upperBound))
  }

  /// A ':' where no key can be.
  private func unexpectedColon() -> Diagnostic {
    if let colon = line.colon, colon < problem.place {
      let range = line.value(after: colon)
      let text = map.text(range.lowerBound, range.upperBound)
      return Diagnostic(
        "yaml.colon", "a second ': ' in one line",
        detail:
          "A text that holds ': ' needs quotes. A mapping begins on a line of its own, or in braces: {key: value}.",
        at: map.span(range.lowerBound, range.upperBound),
        suggestion: text.contains("\"") || text.contains("\\") ? nil : "\"\(text)\"")
    }
    // A text that goes on in the next line took this line's key in.
    if let above = line.above, above.indent < line.indent, let colon = above.colon {
      let value = above.value(after: colon)
      return Diagnostic(
        "yaml.indentation", "this line is indented further than the one above, which is complete",
        detail:
          "Keys of one mapping are indented alike: \(above.indent) \(above.indent == 1 ? "space" : "spaces") here.",
        at: line.inkSpan,
        notes: [DiagnosticNote("this key has its value already", at: map.span(value.lowerBound, value.upperBound))])
    }
    if let above = line.above, above.colon == nil { return missingColon(at: above.ink.lowerBound) }
    return Diagnostic(
      "yaml.colon", "no key can stand here", detail: "Put quotes around a text that holds ': '.", at: here)
  }

  /// A line that should have been `key: value`.
  private func missingColon(at place: Int) -> Diagnostic {
    let line = SourceLine(at: place, in: map)
    let range = max(place, line.ink.lowerBound)..<max(place, line.ink.upperBound)
    let text = map.text(range.lowerBound, range.upperBound)
    let parts = text.split(maxSplits: 1) { $0 == " " || $0 == ":" }
    var suggestion: String?
    if parts.count == 2, !text.contains("\""), !text.contains("'") {
      suggestion = "\(parts[0]): \(parts[1].drop { $0 == " " || $0 == ":" })"
    }
    return Diagnostic(
      "yaml.colon", "a key without ': '", detail: "Write 'key: value', with a space behind the colon.",
      at: map.span(range.lowerBound, range.upperBound), suggestion: suggestion)
  }

  /// Text where libyaml wants the next key.
  private func unexpectedText() -> Diagnostic {
    let notes = contextNote("the mapping begins here")
    if problem.place > line.ink.lowerBound {
      return Diagnostic(
        "yaml.quote", "text stands behind a value that is complete",
        detail: "A quoted text ends at its second quote. Put all of it in quotes, or begin a new line.", at: here,
        notes: notes)
    }
    if map.byte(problem.place) == UInt8(ascii: "-"), isSpace(map.byte(problem.place + 1)) {
      return Diagnostic(
        "yaml.list", "a list item stands among keys",
        detail: "Indent the item below the key that it belongs to.", at: here, notes: notes)
    }
    return Diagnostic(
      "yaml.indentation", "the indentation fits no line above",
      detail: "Keys of one mapping are indented alike. Are there spaces too few or too many, or a bracket too many?",
      at: line.inkSpan, notes: notes)
  }

  /// Something other than a comma or the closing bracket in a flow collection.
  private func unexpectedInBrackets() -> Diagnostic {
    let wanted = problem.message.hasSuffix("']'") ? "]" : "}"
    if map.byte(problem.place) == UInt8(ascii: "{"), map.byte(problem.place - 1) == UInt8(ascii: "$") {
      return Diagnostic(
        "yaml.quote", "'${...}' needs quotes inside brackets",
        detail: "Write \"${...}\": braces have a meaning of their own here.",
        at: map.span(problem.place - 1, problem.place + 1))
    }
    if problem.place >= map.trimmed(0, map.count) || wanted == "]" && map.byte(problem.place) == UInt8(ascii: "}") {
      return Diagnostic(
        "yaml.bracket", "the bracket that begins here is never closed", detail: "Put '\(wanted)' behind the last item.",
        at: contextSpan)
    }
    return Diagnostic(
      "yaml.bracket", "expected ',' or '\(wanted)' here", detail: "Items in brackets are parted by commas.", at: here,
      notes: contextNote("the bracket begins here"))
  }
}
