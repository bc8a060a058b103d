/// How a scalar is written so that reading it gives the same text and the same kind of value.
enum ScalarText {
  /// One line of text, without a break.
  case line(String)
  /// Lines of a literal block below their header (`|` or `|-`).
  case block(header: String, lines: [Substring])
}

extension Scalar {
  /// The scalar as YAML. Literal blocks only where `allowsBlock`; in flow collections brackets and commas need quotes.
  func emitted(inFlow: Bool = false, allowsBlock: Bool = false) -> ScalarText {
    if isNull { return .line("~") }
    if !isText { return .line(text) }
    if allowsBlock, let block = literalBlock(text) { return block }
    return .line(emittedText(text, inFlow: inFlow))
  }
}

/// A text as YAML on one line: plain where every reader takes it for the same text, else in single quotes, and in
/// double quotes where something must be escaped.
func emittedText(_ text: String, inFlow: Bool) -> String {
  if isSafePlain(text, inFlow: inFlow) { return text }
  guard text.unicodeScalars.allSatisfy(isPlainlyPrintable) else { return doubleQuoted(text) }
  return "'" + text.unicodeScalars.reduce(into: "") { $0 += $1 == "'" ? "''" : String($1) } + "'"
}

/// Whether the text can stand without quotes. Words that YAML 1.1 takes for booleans and the like are quoted too: this
/// program reads them as texts, others that users load the file with may not.
private func isSafePlain(_ text: String, inFlow: Bool) -> Bool {
  let scalars = Array(text.unicodeScalars)
  guard let first = scalars.first, let last = scalars.last, first != " ", last != " ", last != ":" else { return false }
  guard scalars.allSatisfy(isPlainlyPrintable) else { return false }
  // Indicators, and all that could begin a number, a date or a time in one of YAML's versions.
  if "-?:,[]{}#&*!|>'\"%@`.+=~<0123456789".unicodeScalars.contains(first), !isHarmlessStart(scalars) { return false }
  for (index, scalar) in scalars.enumerated() {
    let next = index + 1 < scalars.count ? scalars[index + 1] : " "
    if scalar == ":", next == " " || inFlow { return false }
    if scalar == " ", next == "#" { return false }
    if inFlow, "[]{},".unicodeScalars.contains(scalar) { return false }
  }
  return !ambiguousWords.contains(text.lowercased())
}

/// A digit may begin a word that has a letter which no number has, hexadecimal ones included: `16khz`, but not `2d`.
private func isHarmlessStart(_ scalars: [Unicode.Scalar]) -> Bool {
  guard let first = scalars.first, first.properties.numericType != nil else { return false }
  let isWord = scalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil }
  return isWord && scalars.contains { "ghijklmnpqrstuvwyzGHIJKLMNPQRSTUVWYZ".unicodeScalars.contains($0) }
}

/// What YAML 1.1 (https://yaml.org/type/) or 1.2 reads as a boolean or null.
private let ambiguousWords: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

/// Whether the scalar can stand in a file as it is, on one line, and be seen there.
private func isPlainlyPrintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x20...0x7E: return true
  case 0xA0..<0x2000, 0x2070..<0xD800, 0x10000..<0xE0000: break
  case 0x2010...0x2027, 0x2030...0x205E: break
  default: return false
  }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
  default: return true
  }
}

private func doubleQuoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    case let scalar where isPlainlyPrintable(scalar): result.unicodeScalars.append(scalar)
    default:
      let hex = String(scalar.value, radix: 16, uppercase: true)
      let (letter, digits) = scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
      result += "\\\(letter)" + String(repeating: "0", count: digits - hex.count) + hex
    }
  }
  return result + "\""
}

/// A text of several lines as a literal block; nil where a block cannot hold it as it is: without a break, with blanks
/// that the block's indentation would swallow, with several breaks at its end.
private func literalBlock(_ text: String) -> ScalarText? {
  let scalars = text.unicodeScalars
  guard scalars.contains("\n"), let first = scalars.first, first != "\n", first != " " else { return nil }
  guard scalars.allSatisfy({ $0 == "\n" || isPlainlyPrintable($0) }) else { return nil }
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  guard lines.last == "" else { return .block(header: "|-", lines: lines) }
  lines.removeLast()
  guard let end = lines.last, !end.isEmpty else { return nil }
  return .block(header: "|", lines: lines)
}
