import Diagnostics

extension NamePattern {
  /// Reads a pattern. Throws a `DiagnosticFailure` with every mistake (`pattern.*`), each at its place.
  public init(_ written: Located<String>) throws {
    var parser = NamePatternParser(written)
    parser.run()
    if !parser.problems.isEmpty { throw DiagnosticFailure(parser.problems) }
    text = written.value
    fields = parser.fields
    parts = parser.parts
  }
}

/// Reads the parts of a pattern from left to right, and goes on after a mistake.
private struct NamePatternParser {
  private let written: Located<String>
  private let characters: [Character]
  private(set) var fields: [String] = []
  private(set) var parts: [NamePattern.Part] = []
  private(set) var problems: [Diagnostic] = []
  private var literal: [Character] = []

  init(_ written: Located<String>) {
    self.written = written
    characters = Array(written.value)
  }

  /// No file name is longer than 255 bytes, and few fields need more letters than they match.
  static let longest = 1000

  mutating func run() {
    guard characters.count <= Self.longest else {
      report(
        "pattern.too_long", "the name pattern has \(characters.count) characters",
        "Names of files are at most 255 bytes long, so \(Self.longest) characters are enough.", 0..<1)
      return
    }
    var index = 0
    while index < characters.count {
      switch characters[index] {
      case "{":
        guard let end = characters[index...].firstIndex(of: "}") else {
          report(
            "pattern.unclosed", "a field of the name pattern is not closed",
            "Write a field as {name} or {name:width}.", index..<characters.count)
          return
        }
        endLiteral()
        field(index + 1..<end)
        index = end + 1
      case "}":
        report(
          "pattern.unopened", "a closing brace of the name pattern has no opening one",
          "Write a field as {name} or {name:width}; names with braces in them cannot be matched.", index..<index + 1)
        index += 1
      case "/":
        if index == 0 || characters[index - 1] == "/" || index == characters.count - 1 {
          report(
            "pattern.slash", "a folder or the file of the name pattern has no name",
            "A pattern with slashes tells the last folders and the file, as in {speaker}/{emotion}/{clip}; it is seen from "
              + "any folder below the corpus's, so that it begins without a slash.", index..<index + 1)
        }
        literal.append("/")
        index += 1
      case "*" where isFolders(at: index):
        endLiteral()
        parts.append(.folders)
        index += 3
      case "*":
        let end = characters[index...].firstIndex { $0 != "*" } ?? characters.count
        report(
          "pattern.star", "a star of the name pattern stands for nothing",
          "** between slashes stands for any folders, as in {speaker}/**/{clip}; what differs from name to name is a field.",
          index..<end)
        index = end
      default:
        literal.append(characters[index])
        index += 1
      }
    }
    endLiteral()
    if fields.isEmpty, problems.isEmpty {
      report(
        "pattern.no_fields", "the name pattern has no fields",
        "At least the class must stand in the name: {emotion}, for example.", 0..<characters.count)
    }
  }

  /// Whether `**/` stands at the beginning or after a slash.
  private func isFolders(at index: Int) -> Bool {
    characters[index...].starts(with: Array("**/")) && (index == 0 || characters[index - 1] == "/")
  }

  private mutating func endLiteral() {
    if !literal.isEmpty { parts.append(.literal(literal)) }
    literal = []
  }

  /// Reads `name` or `name:width` between braces.
  private mutating func field(_ range: Range<Int>) {
    let pieces = characters[range].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(pieces[0])
    guard isName(pieces[0]) else {
      report(
        "pattern.field_name",
        name.isEmpty ? "a field of the name pattern has no name" : "'\(name)' cannot name a field",
        "A field's name is made of letters, digits and underscores and does not begin with a digit.",
        range.lowerBound - 1..<range.upperBound + 1)
      return
    }
    var width: Int?
    if pieces.count == 2 {
      guard let number = Int(String(pieces[1])), (1...255).contains(number), pieces[1].allSatisfy(\.isNumber) else {
        report(
          "pattern.width", "the width of field '\(name)' is not a number of characters",
          "After the colon stands a whole number from 1 to 255, as in {\(name):2}. Found '\(String(pieces[1]))'.",
          range)
        return
      }
      width = number
    }
    if fields.contains(name) {
      report(
        "pattern.duplicate_field", "field '\(name)' stands twice in the name pattern", "Name each field once.", range)
      return
    }
    if width == nil, case .field(_, .none) = parts.last {
      report(
        "pattern.ambiguous", "nothing says where field '\(fields[fields.count - 1])' ends",
        "Two fields side by side need a width each, as in {speaker:2}{text:3}, or a character between them.",
        range)
    }
    parts.append(.field(index: fields.count, width: width))
    fields.append(name)
  }

  private func isName(_ text: ArraySlice<Character>) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  private mutating func report(_ id: String, _ summary: String, _ detail: String, _ range: Range<Int>) {
    problems.append(Diagnostic(id, .error, summary, detail: detail, at: place(of: range)))
  }

  /// The place of some of the pattern's characters; the whole pattern where it is not written on one line as it reads.
  private func place(of range: Range<Int>) -> SourceSpan {
    let span = written.span
    let line = Array(span.file.line(span.start.line).unicodeScalars)
    let text = Array(written.value.unicodeScalars)
    for quote in [0, 1] {
      let first = span.start.column - 1 + quote
      guard first >= 0, first + text.count <= line.count, Array(line[first..<first + text.count]) == text else {
        continue
      }
      func column(_ index: Int) -> Int {
        first + 1 + characters[..<index].reduce(0) { $0 + $1.unicodeScalars.count }
      }
      return SourceSpan(
        file: span.file, start: SourcePosition(line: span.start.line, column: column(range.lowerBound)),
        end: SourcePosition(line: span.start.line, column: column(range.upperBound)))
    }
    return span
  }
}
