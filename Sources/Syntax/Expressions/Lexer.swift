import Diagnostics

/// A word of an expression.
enum Token: Equatable {
  case integer(Int)
  case number(Double)
  case string(String)
  /// A name, a function or a word of the language such as `if`.
  case word(String)
  case symbol(String)
  case end

  var described: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): shortest(value)
    case .string(let value): "'\(excerpt(value))'"
    case .word(let text), .symbol(let text): "'\(text)'"
    case .end: "the end"
    }
  }
}

/// Cuts an expression into words.
struct Lexer {
  /// More words than this in one expression are refused: evaluation goes as deep as there are words.
  static let longest = 1000

  private let scalars: [Unicode.Scalar]
  private let place: TextPlace
  private var index = 0

  static func tokens(_ text: String, at place: TextPlace) throws -> [(token: Token, range: Range<Int>)] {
    var lexer = Lexer(text, at: place)
    var result: [(Token, Range<Int>)] = []
    while true {
      let next = try lexer.next()
      result.append(next)
      if next.0 == .end { return result }
      if result.count > longest {
        throw lexer.failure("expression.too_long", "the expression has more than \(longest) words", next.1)
      }
    }
  }

  private init(_ text: String, at place: TextPlace) {
    scalars = Array(text.unicodeScalars)
    self.place = place
  }

  private mutating func next() throws -> (Token, Range<Int>) {
    while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
    let start = index
    guard index < scalars.count else { return (.end, start..<start + 1) }
    let token: Token
    switch scalars[index] {
    case "0"..."9": token = try number()
    case "." where isASCIIDigit(index + 1): token = try number()
    case "'": token = try string()
    case let scalar where isWordStart(scalar): token = .word(word())
    default: token = try symbol()
    }
    return (token, start..<index)
  }

  private mutating func number() throws -> Token {
    let start = index
    var text = ""
    // An exponent's sign belongs to the number, any other sign is an operator.
    while index < scalars.count {
      let scalar = scalars[index]
      let isSign = (scalar == "-" || scalar == "+") && (text.last == "e" || text.last == "E")
      guard isSign || scalar == "." || isWordPart(scalar) else { break }
      text.unicodeScalars.append(scalar)
      index += 1
    }
    if isIntegerLiteral(text.utf8) {
      if let value = Int(text) { return .integer(value) }
      throw failure("expression.overflow", "\(excerpt(text)) does not fit into 64 bits", start..<index)
    }
    guard isNumberLiteral(text.utf8), let value = Double(text), value.isFinite else {
      throw failure("expression.syntax", "\(excerpt(text)) is not a number", start..<index)
    }
    return .number(value)
  }

  /// A text in single quotes; a quote in it is doubled.
  private mutating func string() throws -> Token {
    let start = index
    var text = String.UnicodeScalarView()
    index += 1
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if scalar == "'" {
        guard index < scalars.count, scalars[index] == "'" else { return .string(String(text)) }
        index += 1
      }
      text.append(scalar)
    }
    throw failure("expression.syntax", "the quote is never closed", start..<index)
  }

  /// A name; dots join its parts, as in `env.HOME`.
  private mutating func word() -> String {
    let start = index
    while index < scalars.count {
      let joins = scalars[index] == "." && index + 1 < scalars.count && isWordStart(scalars[index + 1])
      guard joins || isWordPart(scalars[index]) else { break }
      index += 1
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[start..<index])
    return String(text)
  }

  private mutating func symbol() throws -> Token {
    let two = scalars[index...].prefix(2).map { String($0) }.joined()
    if ["//", "**", "==", "!=", "<=", ">="].contains(two) {
      index += 2
      return .symbol(two)
    }
    let one = String(scalars[index])
    guard "+-*/%()[],<>".contains(one) else {
      let detail =
        switch one {
        case "\"": "Put texts in single quotes: 'relu'."
        case "=": "Compare with '=='."
        case "&", "|", "!": "Write 'and', 'or', 'not'."
        case "^": "Write '**' for powers."
        default: "There are numbers, 'texts', names, lists, + - * / // % **, comparisons, and, or, not, if and else."
        }
      throw failure("expression.syntax", "'\(one)' has no meaning here", index..<index + 1, detail: detail)
    }
    index += 1
    return .symbol(one)
  }

  private func failure(_ id: String, _ summary: String, _ range: Range<Int>, detail: String? = nil) -> DiagnosticFailure
  {
    DiagnosticFailure(Diagnostic(id, summary, detail: detail, at: place.span(range)))
  }

  private func isASCIIDigit(_ index: Int) -> Bool {
    index < scalars.count && scalars[index].value >= 0x30 && scalars[index].value <= 0x39
  }

  private func isWordStart(_ scalar: Unicode.Scalar) -> Bool { scalar == "_" || scalar.properties.isAlphabetic }

  private func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    isWordStart(scalar) || (scalar.value >= 0x30 && scalar.value <= 0x39)
  }
}
