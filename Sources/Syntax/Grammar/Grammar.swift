/// The right-hand side of a grammar's rule.
public indirect enum GrammarTerm: Sendable {
  /// A text, letter by letter.
  case literal(String)
  /// What another rule describes.
  case rule(String)
  /// One character of these ranges.
  case characters([ClosedRange<Character>])
  /// One character that is none of these.
  case otherThan([Character])
  /// One after the other.
  case sequence([GrammarTerm])
  /// One of several.
  case choice([GrammarTerm])
  /// Once or not at all.
  case optional(GrammarTerm)
  /// Any number of times, or not at all.
  case any(GrammarTerm)
  /// Once or more.
  case some(GrammarTerm)
  /// What a term describes, with a remark for people.
  case remark(GrammarTerm, String)

  /// One of several; choices among them become part of it, and none stands twice.
  public static func oneOf(_ terms: [GrammarTerm]) -> GrammarTerm {
    var unique: [GrammarTerm] = []
    var seen: Set<String> = []
    for term in terms.flatMap({ if case .choice(let inner) = $0 { inner } else { [$0] } })
    where seen.insert(term.text(in: .item)).inserted {
      unique.append(term)
    }
    return unique.count == 1 ? unique[0] : .choice(unique)
  }
}

/// One rule of a grammar.
public struct GrammarRule: Sendable {
  /// Rules in capitals are words: no space stands within what they describe.
  public let name: String
  public let term: GrammarTerm
  /// What the rule is about, for people; may be empty.
  public let remark: String

  public init(_ name: String, _ term: GrammarTerm, remark: String = "") {
    self.name = name
    self.term = term
    self.remark = remark
  }
}

/// A context-free grammar. Its text is in the EBNF of the W3C (Extensible Markup Language 1.0, section 6).
public struct Grammar: Sendable {
  public private(set) var rules: [GrammarRule]

  public init(_ rules: [GrammarRule]) { self.rules = rules }

  /// The rule `name`, or nil.
  public func rule(_ name: String) -> GrammarRule? { rules.first { $0.name == name } }

  /// Adds a rule at the end.
  public mutating func add(_ rule: GrammarRule) { rules.append(rule) }

  /// The rules in their order, parted by empty lines, with a line break at the end.
  public var text: String {
    rules.map { rule in
      let remark = rule.remark.isEmpty ? "" : "/* \(rule.remark) */\n"
      return remark + rule.name + " ::= " + rule.term.definition + "\n"
    }.joined(separator: "\n")
  }
}

extension GrammarTerm {
  /// The term as a rule's whole right-hand side: a long choice has one alternative a line.
  fileprivate var definition: String {
    guard case .choice(let terms) = self else { return text(in: .choice) }
    let line = text(in: .choice)
    if line.count <= 100 { return line }
    return terms.map { $0.text(in: .sequence) }.joined(separator: "\n  | ")
  }

  /// How tightly the surroundings of a term bind.
  private enum Level: Int { case choice, sequence, item }

  private func text(in level: Level) -> String {
    switch self {
    case .literal(let text): return text.contains("'") ? "\"\(text)\"" : "'\(text)'"
    case .rule(let name): return name
    case .characters(let ranges): return "[" + ranges.map(Self.text).joined() + "]"
    case .otherThan(let characters): return "[^" + String(characters) + "]"
    case .sequence(let terms):
      return wrapped(terms.map { $0.text(in: terms.count > 1 ? .sequence : level) }, " ", level.rawValue > 1)
    case .choice(let terms) where terms.contains(where: \.isRemark):
      return "(\n    " + terms.map { $0.text(in: .sequence) }.joined(separator: "\n  | ") + "\n)"
    case .choice(let terms):
      return wrapped(terms.map { $0.text(in: .sequence) }, " | ", level.rawValue > 0)
    case .optional(let term): return term.text(in: .item) + "?"
    case .any(let term): return term.text(in: .item) + "*"
    case .some(let term): return term.text(in: .item) + "+"
    case .remark(let term, let remark): return term.text(in: level) + " /* \(remark) */"
    }
  }

  private var isRemark: Bool { if case .remark = self { true } else { false } }

  private func wrapped(_ parts: [String], _ separator: String, _ needsParentheses: Bool) -> String {
    let line = parts.joined(separator: separator)
    return needsParentheses && parts.count > 1 ? "( \(line) )" : line
  }

  private static func text(_ range: ClosedRange<Character>) -> String {
    range.lowerBound == range.upperBound
      ? text(range.lowerBound) : "\(text(range.lowerBound))-\(text(range.upperBound))"
  }

  /// What is no letter, digit or sign of ASCII is written by its number.
  private static func text(_ character: Character) -> String {
    guard let scalar = character.unicodeScalars.first, !(0x21...0x7E).contains(scalar.value) else {
      return String(character)
    }
    return "#x" + String(scalar.value, radix: 16, uppercase: true)
  }
}
