import Syntax

/// The grammar of spec and corpus files, made from the field tables and the kinds of `vocabulary`, with that of `${...}`.
public func documentGrammar(_ vocabulary: Vocabulary) -> Grammar {
  let writer = GrammarWriter(vocabulary)
  writer.addTable(
    "spec", specTable(vocabulary), remark: "A spec file. A corpus file is the mapping `corpus`.", inner: "")
  for part in VocabularyPart.allCases where vocabulary.kinds[part] != nil { writer.addPart(part) }
  for rule in GrammarWriter.shared + Grammar.expression.rules { writer.grammar.add(rule) }
  return writer.grammar
}

/// The text of `grammar/serspec.ebnf`.
public func documentGrammarText(_ vocabulary: Vocabulary) -> String {
  """
  /* The language of serspec's specs, made by `serspec schema --ebnf` from the tables that decode them.

     Notation: EBNF as in the W3C's XML 1.0, section 6. Names in capitals are words without spaces within.
     A file is YAML 1.2 and is shown in flow style: `{a: 1, b: [x, y]}` and the same in block style are one.
     Between the items of `{}` and `[]` stand commas, which are left out here.
     The keys of a mapping stand in any order, each at most once; `<<` merges, and anchors and aliases work.
     A key is required unless a default is given; a spec that extends others may leave out what they say. */


  """ + documentGrammar(vocabulary).text
}

/// Tables that need rules of their own.
private typealias PendingTables = [(name: String, table: FieldTable, remark: String)]

/// Turns field tables and kinds into rules.
private final class GrammarWriter {
  let vocabulary: Vocabulary
  var grammar = Grammar([])

  init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
  }

  /// A rule for a mapping.
  ///
  /// - Parameter inner: what the names of rules for its fields begin with.
  func addTable(_ name: String, _ table: FieldTable, remark: String, inner: String) {
    var pending: PendingTables = []
    let mapping = mapping(table, inner: inner, &pending)
    let exclusive = table.exclusive.isEmpty ? "" : " Exactly one of: \(table.exclusive.joined(separator: ", "))."
    grammar.add(GrammarRule(name, mapping, remark: remark + exclusive))
    add(pending)
  }

  private func add(_ pending: PendingTables) {
    for table in pending { addTable(table.name, table.table, remark: table.remark, inner: "\(table.name)_") }
  }

  /// `'{' ( 'key' ':' value | ... )* '}'`; tables within are left for rules of their own.
  private func mapping(
    _ table: FieldTable, inner: String, _ pending: inout PendingTables, tag: GrammarTerm? = nil
  ) -> GrammarTerm {
    var entries = tag.map { [$0] } ?? []
    for field in table.fields {
      var found: PendingTables = []
      let value = term(field.type, name: inner + field.name, remark: field.doc, &found)
      pending += found
      var remark =
        switch field.default {
        case .value(let content): "default \(standardValue(content, field.type).text(.line))"
        case .required: "required"
        }
      if let range = field.type.bounds { remark = range + ", " + remark }
      entries.append(.remark(.sequence([.literal(field.name), .literal(":"), value]), remark))
    }
    if entries.isEmpty { return .sequence([.literal("{"), .literal("}")]) }
    return .sequence([.literal("{"), .any(.choice(entries)), .literal("}")])
  }

  /// A rule for a step or variant, and for each kind. Combinators are keys of a node, not steps.
  func addPart(_ part: VocabularyPart) {
    guard part != .combinator, let kinds = vocabulary.kinds[part], !kinds.isEmpty else { return }
    var forms: [GrammarTerm] = kinds.map { .rule("\(part.area)_\($0.name)") }
    if part == .layer { forms.append(.rule("block_use")) }
    grammar.add(GrammarRule(part.area, .choice(forms), remark: "One \(part.rawValue)."))
    let tag = part.variantTag(in: vocabulary)
    for kind in kinds { addKind(kind, part, tag: tag) }
  }

  private func addKind(_ kind: Kind, _ part: VocabularyPart, tag: String?) {
    let rule = "\(part.area)_\(kind.name)"
    let word: GrammarTerm = .literal(kind.name)
    var pending: PendingTables = []
    var use: GrammarTerm
    if let tag {
      let entry: GrammarTerm = .remark(.sequence([.literal(tag), .literal(":"), word]), "required")
      use = mapping(kind.writtenTable(in: part), inner: "\(rule)_", &pending, tag: entry)
    } else {
      var values = [mapping(kind.writtenTable(in: part), inner: "\(rule)_", &pending)]
      if let primary = kind.table.primary.flatMap(kind.table.field) {
        // The tables within are the same as those of the field.
        var again: PendingTables = []
        values.append(term(primary.type, name: "\(rule)_\(primary.name)", remark: "", &again))
      }
      use = .sequence([.literal("{"), word, .literal(":"), .oneOf(values), .literal("}")])
    }
    if !kind.table.needsValue { use = .choice([word, use]) }
    grammar.add(GrammarRule(rule, use, remark: kind.summary))
    add(pending)
  }

  /// How a value of `type` is written. Tables within are left for rules of their own.
  private func term(
    _ type: FieldType, name: String, remark: String, _ pending: inout PendingTables
  ) -> GrammarTerm {
    switch type {
    case .integer: return .rule("integer")
    case .number: return .rule("number")
    case .boolean: return .rule("boolean")
    case .string, .environmentText: return .rule("text")
    case .formula: return .rule("formula")
    case .choice(let words): return .choice(words.map(GrammarTerm.literal) + [.rule("template")])
    case .list(let item, _, _): return list(term(item, name: name, remark: remark, &pending))
    case .sizes: return .choice([.rule("integer"), list(.rule("integer"))])
    case .either(let types):
      var terms: [GrammarTerm] = []
      for type in types { terms.append(term(type, name: name, remark: remark, &pending)) }
      return .oneOf(terms)
    case .optional(let inner): return .oneOf([term(inner, name: name, remark: remark, &pending), .literal("~")])
    case .step(let part), .variant(_, let part): return .rule(part.area)
    case .steps(let part): return list(.rule(part.area))
    case .group(let table):
      pending.append((name, table, remark))
      guard let primary = table.primary.flatMap(table.field) else { return .rule(name) }
      var again: PendingTables = []
      return .oneOf([.rule(name), term(primary.type, name: "\(name)_\(primary.name)", remark: "", &again)])
    case .dictionary(let item):
      let value = term(item, name: "\(name)_item", remark: remark, &pending)
      return .sequence([
        .literal("{"), .any(.sequence([.rule("WORD"), .literal(":"), value])), .literal("}"),
      ])
    case .value: return .rule("value")
    }
  }

  private func list(_ item: GrammarTerm) -> GrammarTerm {
    .sequence([.literal("["), .any(item), .literal("]")])
  }

  /// Rules that all tables use.
  static let shared: [GrammarRule] = [
    GrammarRule(
      "block_use",
      .choice([.rule("WORD"), .sequence([.literal("{"), .rule("WORD"), .literal(":"), .rule("any"), .literal("}")])]),
      remark: "A block of `blocks` with the values of its parameters, and `for` for one copy a value."),
    GrammarRule("integer", .choice([.rule("INTEGER"), .rule("template")])),
    GrammarRule("number", .choice([.sequence([.optional(.rule("SIGN")), .rule("NUMBER")]), .rule("template")])),
    GrammarRule("boolean", .choice([.literal("true"), .literal("false"), .rule("template")])),
    GrammarRule("text", .rule("SCALAR")),
    GrammarRule(
      "formula", .rule("expression"),
      remark: "Of x and of names that are learnt, with comparisons and if for choices and the functions "
        + FormulaFunctionName.allCases.map(\.rawValue).joined(separator: ", ") + "."),
    GrammarRule(
      "value",
      .choice([.rule("SCALAR"), .literal("~"), .sequence([.literal("["), .any(.rule("value")), .literal("]")])])),
    GrammarRule(
      "any",
      .choice([
        .rule("value"), .sequence([.literal("["), .any(.rule("any")), .literal("]")]),
        .sequence([
          .literal("{"), .any(.sequence([.rule("SCALAR"), .literal(":"), .rule("any")])), .literal("}"),
        ]),
      ])),
    GrammarRule(
      "template",
      .some(
        .choice([.rule("CHARACTER"), .literal("$${"), .sequence([.literal("${"), .rule("expression"), .literal("}")])])),
      remark: "A scalar with an expression in it. `$${` stands for a literal `${`. Keys can be templates too."),
    GrammarRule(
      "SCALAR", .some(.rule("CHARACTER")), remark: "A scalar of YAML 1.2, plain or quoted; it may be a template."),
    GrammarRule("CHARACTER", .characters([" "..."\u{10FFFF}"]), remark: "Whatever YAML allows there."),
    GrammarRule("SIGN", .choice([.literal("+"), .literal("-")])),
    GrammarRule("INTEGER", .sequence([.optional(.rule("SIGN")), .some(.characters(["0"..."9"]))])),
  ]
}

extension FieldType {
  /// The range of a number or of each number of a list, or nil where there is none.
  fileprivate var bounds: String? {
    switch self {
    case .integer(let min, let max), .sizes(let min, let max):
      return (min == nil && max == nil) ? nil : FieldType.integer(min: min, max: max).described
    case .number(let min, let max, _):
      return (min == nil && max == nil) ? nil : described
    case .optional(let inner): return inner.bounds
    case .list(let item, _, _): return item.bounds.map { "each \($0)" }
    default: return nil
    }
  }
}

extension VocabularyPart {
  /// The key that names the kind where the part's kinds are variants of a mapping; nil where they are steps.
  fileprivate func variantTag(in vocabulary: Vocabulary) -> String? {
    for field in specTable(vocabulary).fields {
      if case .variant(let tag, let part) = field.type, part == self { return tag }
    }
    return nil
  }
}
