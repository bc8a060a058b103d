import Diagnostics

/// Reads an expression by recursive descent. From loosest to tightest: `if else`, `or`, `and`, `not`, comparison,
/// `+ -`, `* / // %`, sign, `**` (to the right), index.
struct ExpressionParser {
  /// Parentheses, lists and the like within each other.
  static let deepest = 64

  private(set) var names: [(name: String, range: Range<Int>)] = []
  private let tokens: [(token: Token, range: Range<Int>)]
  private let place: TextPlace
  private let functions: [String]
  private var index = 0
  private var depth = 0

  /// `functions` are the names that can be called.
  init(
    _ text: String, at place: TextPlace, functions: [String] = ExpressionFunction.allCases.map(\.rawValue)
  ) throws {
    tokens = try Lexer.tokens(text, at: place)
    self.place = place
    self.functions = functions
  }

  /// The whole text as one term.
  mutating func expression() throws -> Term {
    if token == .end {
      throw failure(
        "expression.syntax", "the expression is empty", detail: "Write a name or a number between '${' and '}'.")
    }
    let term = try conditional()
    guard token == .end else { throw unexpected("an operator or the end") }
    return term
  }

  private var token: Token { tokens[index].token }
  private var range: Range<Int> { tokens[index].range }

  private mutating func conditional() throws -> Term {
    try nested { parser in
      let value = try parser.disjunction()
      guard parser.accept(.word("if")) else { return value }
      let condition = try parser.disjunction()
      guard parser.accept(.word("else")) else { throw parser.unexpected("'else'") }
      let otherwise = try parser.conditional()
      return join(.conditional(condition, then: value, otherwise: otherwise), value, otherwise)
    }
  }

  private mutating func disjunction() throws -> Term {
    var left = try conjunction()
    while accept(.word("or")) {
      let right = try conjunction()
      left = join(.or(left, right), left, right)
    }
    return left
  }

  private mutating func conjunction() throws -> Term {
    var left = try negation()
    while accept(.word("and")) {
      let right = try negation()
      left = join(.and(left, right), left, right)
    }
    return left
  }

  private mutating func negation() throws -> Term {
    let start = range.lowerBound
    guard accept(.word("not")) else { return try comparison() }
    let term = try nested { try $0.negation() }
    return Term(kind: .not(term), range: start..<term.range.upperBound)
  }

  private mutating func comparison() throws -> Term {
    let left = try sum()
    guard let comparison = comparisonOperator() else { return left }
    index += 1
    let right = try sum()
    if comparisonOperator() != nil {
      throw failure(
        "expression.syntax", "comparisons cannot be chained", detail: "Write 'a < b and b < c' instead of 'a < b < c'.")
    }
    return join(.comparison(comparison, left, right), left, right)
  }

  private func comparisonOperator() -> ComparisonOperator? {
    if case .symbol(let text) = token { ComparisonOperator(rawValue: text) } else { nil }
  }

  private mutating func sum() throws -> Term {
    var left = try product()
    while let operation = arithmeticOperator(among: ArithmeticOperator.ofSums) {
      let right = try product()
      left = join(.arithmetic(operation, left, right), left, right)
    }
    return left
  }

  private mutating func product() throws -> Term {
    var left = try signed()
    while let operation = arithmeticOperator(among: ArithmeticOperator.ofProducts) {
      let right = try signed()
      left = join(.arithmetic(operation, left, right), left, right)
    }
    return left
  }

  private mutating func signed() throws -> Term {
    let start = range.lowerBound
    guard accept(.symbol("-")) else { return try power() }
    let term = try nested { try $0.signed() }
    return Term(kind: .negative(term), range: start..<term.range.upperBound)
  }

  private mutating func power() throws -> Term {
    let base = try indexed()
    guard arithmeticOperator(among: [.power]) != nil else { return base }
    let exponent = try nested { try $0.signed() }
    return join(.arithmetic(.power, base, exponent), base, exponent)
  }

  private mutating func indexed() throws -> Term {
    var term = try primary()
    while accept(.symbol("[")) {
      let position = try conditional()
      let end = range.upperBound
      guard accept(.symbol("]")) else { throw unexpected("']'") }
      term = Term(kind: .index(term, position), range: term.range.lowerBound..<end)
    }
    return term
  }

  private mutating func primary() throws -> Term {
    let range = range
    switch token {
    case .integer(let value): return take(.value(.integer(value)))
    case .number(let value): return take(.value(.number(value)))
    case .string(let value): return take(.value(.string(value)))
    case .word("true"): return take(.value(.boolean(true)))
    case .word("false"): return take(.value(.boolean(false)))
    case .word("null"): return take(.value(.null))
    case .word("if"), .word("else"), .word("and"), .word("or"), .word("not"): throw unexpected("a value")
    case .word(let name):
      index += 1
      if token == .symbol("(") { return try call(name, range) }
      names.append((name, range))
      return Term(kind: .name(name), range: range)
    case .symbol("("):
      index += 1
      let term = try conditional()
      let end = self.range.upperBound
      guard accept(.symbol(")")) else { throw unexpected("')'") }
      return Term(kind: term.kind, range: range.lowerBound..<end)
    case .symbol("["):
      index += 1
      let (terms, end) = try terms(until: "]")
      return Term(kind: .list(terms), range: range.lowerBound..<end)
    default:
      throw unexpected("a value")
    }
  }

  private mutating func call(_ name: String, _ range: Range<Int>) throws -> Term {
    guard functions.contains(name) else {
      throw DiagnosticFailure(
        Diagnostic(
          "expression.function", "there is no function '\(name)'",
          detail: "There are \(functions.joined(separator: ", ")).",
          at: place.span(range), suggestion: nearest(name, in: functions)))
    }
    index += 1
    let (arguments, end) = try terms(until: ")")
    return Term(kind: .call(name, arguments), range: range.lowerBound..<end)
  }

  /// Terms parted by commas, the last of which may be followed by one; and where the closing symbol ends.
  private mutating func terms(until close: String) throws -> ([Term], Int) {
    var result: [Term] = []
    while token != .symbol(close) {
      result.append(try conditional())
      guard accept(.symbol(",")) || token == .symbol(close) else { throw unexpected("',' or '\(close)'") }
    }
    let end = range.upperBound
    index += 1
    return (result, end)
  }

  private mutating func arithmeticOperator(among wanted: [ArithmeticOperator]) -> ArithmeticOperator? {
    guard case .symbol(let text) = token, let found = ArithmeticOperator(rawValue: text), wanted.contains(found) else {
      return nil
    }
    index += 1
    return found
  }

  private mutating func take(_ kind: Term.Kind) -> Term {
    defer { index += 1 }
    return Term(kind: kind, range: range)
  }

  private mutating func accept(_ wanted: Token) -> Bool {
    guard token == wanted else { return false }
    index += 1
    return true
  }

  private mutating func nested(_ body: (inout ExpressionParser) throws -> Term) throws -> Term {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw failure("expression.too_deep", "more than \(Self.deepest) parentheses, lists or signs within each other")
    }
    return try body(&self)
  }

  private func unexpected(_ wanted: String) -> DiagnosticFailure {
    failure("expression.syntax", "expected \(wanted), found \(token.described)")
  }

  private func failure(_ id: String, _ summary: String, detail: String? = nil) -> DiagnosticFailure {
    DiagnosticFailure(Diagnostic(id, summary, detail: detail, at: place.span(range)))
  }
}

/// A term that reaches from the start of one to the end of another.
private func join(_ kind: Term.Kind, _ first: Term, _ last: Term) -> Term {
  Term(kind: kind, range: first.range.lowerBound..<max(first.range.upperBound, last.range.upperBound))
}
