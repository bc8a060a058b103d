import Diagnostics
import Syntax
import Testing

/// The grammar that is published and the parser that reads are the same language.
@Suite struct ExpressionGrammarTests {
  @Test("the parser reads what the grammar makes", arguments: 0..<40)
  func sentences(_ seed: UInt64) throws {
    var maker = SentenceMaker(grammar: .expression, seed: seed)
    for _ in 0..<50 {
      let text = maker.sentence(of: "expression")
      let file = SourceFile(name: "sentence", text: text)
      let span = SourceSpan(
        file: file, start: SourcePosition(line: 1, column: 1),
        end: SourcePosition(line: 1, column: text.unicodeScalars.count + 1))
      do {
        _ = try Expression.parse(text, at: span)
      } catch let failure as DiagnosticFailure {
        Issue.record("\(text): \(failure.diagnostics.map(\.summary))")
      }
    }
  }

  @Test("sentences use every rule and every function")
  func coverage() {
    var maker = SentenceMaker(grammar: .expression, seed: 7)
    var text = ""
    for _ in 0..<2000 { text += maker.sentence(of: "expression") + "\n" }
    let unused = Grammar.expression.rules.map(\.name).filter { !maker.used.contains($0) }
    #expect(unused.isEmpty)
    for word in ["min", "max", "ceil", "if", "else", "and", "or", "not", "//", "**", "<=", "''"] {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test("rules in text are as the W3C writes them")
  func text() {
    let text = Grammar.expression.text
    #expect(text.contains("\nsum ::= product ( ( '+' | '-' ) product )*\n"))
    #expect(text.contains("\nSTRING ::= \"'\" ( [^'] | \"''\" )* \"'\"\n"))
  }
}

/// Draws sentences of a grammar.
private struct SentenceMaker {
  let grammar: Grammar
  private(set) var used: Set<String> = []
  private var state: UInt64
  private var depth = 0
  /// How many rules deep the shortest sentence of each rule is.
  private var heights: [String: Int] = [:]

  init(grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    state = seed &+ 0x9E37_79B9_7F4A_7C15
    // Each pass settles at least one more rule.
    for _ in grammar.rules { for rule in grammar.rules { heights[rule.name] = height(rule.term) + 1 } }
  }

  private func height(_ term: GrammarTerm) -> Int {
    switch term {
    case .literal, .characters, .otherThan, .optional, .any: 0
    case .rule(let name): heights[name] ?? 1000
    case .sequence(let terms): terms.map(height).max() ?? 0
    case .choice(let terms): terms.map(height).min() ?? 0
    case .some(let inner), .remark(let inner, _): height(inner)
    }
  }

  mutating func sentence(of rule: String) -> String {
    // The parser refuses more than a thousand words.
    while true {
      depth = 0
      let words = made(.rule(rule), inWord: false).filter { !$0.isEmpty }
      if words.count <= 300 { return words.joined(separator: " ") }
    }
  }

  /// The words of one expansion; within a word there is one.
  private mutating func made(_ term: GrammarTerm, inWord: Bool) -> [String] {
    switch term {
    case .literal(let text): return [text]
    case .characters(let ranges):
      let range = ranges[draw(below: ranges.count)]
      let (low, high) = (range.lowerBound.asciiValue ?? 0, range.upperBound.asciiValue ?? 0)
      return [String(UnicodeScalar(low + UInt8(draw(below: Int(high - low) + 1))))]
    case .otherThan(let characters):
      let letters = "ab } {+\"é☃".filter { !characters.contains($0) }
      return [String(letters.map { $0 }[draw(below: letters.count)])]
    case .rule(let name):
      used.insert(name)
      depth += 1
      defer { depth -= 1 }
      guard let rule = grammar.rule(name) else { return ["?"] }
      let isWord = name.allSatisfy { $0.isUppercase || $0 == "_" }
      let words = made(rule.term, inWord: inWord || isWord)
      // A name that is a word of the language would not be one.
      let isReserved = ["if", "or"].contains(words.joined())
      return isWord ? [isReserved ? "x" : words.joined()] : words
    case .sequence(let terms):
      var words: [String] = []
      for term in terms { words += made(term, inWord: inWord) }
      return words
    case .choice(let terms):
      // Deep down the ways with the fewest rules bring sentences to an end.
      let least = terms.map(height).min() ?? 0
      let open = isDeep ? terms.filter { height($0) == least } : terms
      return made(open[draw(below: open.count)], inWord: inWord)
    case .optional(let term):
      return !isDeep && draw(below: 4) == 0 ? made(term, inWord: inWord) : []
    case .any(let term): return repeated(term, from: 0, inWord: inWord)
    case .some(let term): return repeated(term, from: 1, inWord: inWord)
    case .remark(let term, _): return made(term, inWord: inWord)
    }
  }

  private mutating func repeated(_ term: GrammarTerm, from least: Int, inWord: Bool) -> [String] {
    var words: [String] = []
    let count = least + (inWord ? draw(below: 2) : isDeep ? 0 : draw(below: 6) / 5)
    for _ in 0..<count { words += made(term, inWord: inWord) }
    return words
  }

  /// An operand is some 11 rules deep.
  private var isDeep: Bool { depth > 28 }

  /// Vigna 2015, xorshift64*.
  private mutating func draw(below count: Int) -> Int {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Int(((state &* 2_685_821_657_736_338_717) >> 33) % UInt64(max(1, count)))
  }
}
