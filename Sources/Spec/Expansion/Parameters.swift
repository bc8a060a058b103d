import Diagnostics
import Syntax

/// The values of `params`: defaults or what `--set` says, evaluated in the order that they need each other in and
/// checked against their rules.
final class Parameters {
  /// How far parameters may lean on each other.
  static let depthLimit = 100

  private let entries: [Entry]
  private let settings: [String: Node]
  private let evaluator: Evaluator
  private let vocabulary: Vocabulary
  private var findings: Findings { evaluator.findings }

  private var bindings: [String: Binding] = [:]
  private var classes: Binding?
  /// The parameters whose values are being worked out, outermost first.
  private var underWay: [Located<String>] = []

  init(_ node: Node?, settings: [String: Node], evaluator: Evaluator, vocabulary: Vocabulary) {
    entries = node?.entries ?? []
    self.settings = settings
    self.evaluator = evaluator
    self.vocabulary = vocabulary
    if let node, node.entries == nil, !node.isNull {
      findings.add(
        Diagnostic(
          "value.type", "'params' is a mapping from names to values, but this is \(node.described)",
          detail: "Write one 'name: value' a line.", at: node.span))
    }
  }

  /// The values of the named parameters alone: what the corpus needs before its classes are known.
  func evaluate(only names: Set<String>) -> [String: Binding] {
    for entry in entries where names.contains(entry.key.value) { bind(entry) }
    return bindings
  }

  /// All values by name, with `classes` among the names that defaults can use.
  func evaluate(classes: Binding) -> [String: Binding] {
    self.classes = classes
    for entry in entries { bind(entry) }
    return bindings
  }

  private func bind(_ entry: Entry) {
    let name = entry.key.value
    guard bindings[name] == nil else { return }
    guard isUsable(entry.key) else {
      bindings[name] = .failed
      return
    }
    guard underWay.count < Self.depthLimit else {
      findings.add(
        Diagnostic("param.depth", "parameters need each other more than \(Self.depthLimit) deep", at: entry.key.span))
      bindings[name] = .failed
      return
    }
    underWay.append(entry.key)
    bindings[name] = value(of: entry).map(Binding.value) ?? .failed
    underWay.removeLast()
  }

  private func isUsable(_ key: Located<String>) -> Bool {
    if ["classes", "env", "true", "false", "and", "or", "not", "if", "else"].contains(key.value) {
      findings.add(
        Diagnostic(
          "name.reserved", "a parameter cannot be called '\(key.value)'",
          detail: "In ${...} that word already means something.", at: key.span))
      return false
    }
    return checkName(key, "parameter", findings)
  }

  private func value(of entry: Entry) -> Node? {
    let bare = Entry(key: Located("default", at: entry.value.span), value: entry.value)
    let definition = entry.value.entries == nil ? Node(.mapping([bare]), at: entry.value.span) : entry.value
    let decoder = Decoder(vocabulary: vocabulary, findings: findings)
    guard let rules = decoder.group(definition, parameterTable, Subject("the parameter '\(entry.key.value)'"), at: ""),
      let written = definition.value(forKey: "default")
    else { return nil }

    let standard = evaluated(written)
    guard let set = settings[entry.key.value] else {
      return standard.flatMap { obeys(rules, $0, entry.key) ? $0 : nil }
    }
    guard let value = evaluated(set.inPlace(of: written)) else { return nil }
    if let standard, !sameType(value, standard) {
      findings.add(
        Diagnostic(
          "param.type", "'\(entry.key.value)' is \(value.described), but its default is \(standard.described)",
          detail: "Give it a value of the same type.", at: value.span,
          notes: [DiagnosticNote("the default", at: standard.span)]))
      return nil
    }
    return obeys(rules, value, entry.key) ? value : nil
  }

  /// `node` with its templates replaced, after working out the parameters that it names.
  private func evaluated(_ node: Node) -> Node? {
    switch node.content {
    case .scalar:
      for name in evaluator.names(in: node) {
        if underWay.contains(where: { $0.value == name }) {
          reportCycle(name, at: node.span)
          return nil
        }
        if name == "classes", classes == nil {
          findings.add(
            Diagnostic(
              "param.cycle", "the corpus needs a parameter that needs the number of its classes",
              detail: "Name the corpus without such a parameter.", at: node.span))
          return nil
        }
        if let entry = entries.first(where: { $0.key.value == name }) { bind(entry) }
      }
      var scope = Scope(globals: bindings)
      scope.globals["classes"] = classes
      for entry in entries where scope.globals[entry.key.value] == nil { scope.globals[entry.key.value] = .failed }
      return evaluator.evaluate(node, in: scope, as: .value)
    case .sequence(let items):
      let values = items.compactMap(evaluated)
      guard values.count == items.count else { return nil }
      return evaluator.limited(Node(.sequence(values), at: node.span, replacing: node.replaced))
    case .mapping:
      return node
    }
  }

  private func reportCycle(_ name: String, at span: SourceSpan) {
    findings.add(
      Diagnostic(
        "param.cycle", "the parameter '\(name)' needs its own value",
        detail: "Give one of the parameters a value that does not depend on the others.", at: span,
        notes: underWay.map { DiagnosticNote("'\($0.value)' is defined here", at: $0.span) }))
  }

  private func sameType(_ a: Node, _ b: Node) -> Bool {
    guard let left = ExpressionValue(a), let right = ExpressionValue(b) else { return false }
    switch (left, right) {
    case (_, .null), (.string, .string), (.boolean, .boolean), (.list, .list): return true
    case (.integer, .integer), (.integer, .number), (.number, .integer), (.number, .number): return true
    default: return false
    }
  }

  /// Checks `value` against `one_of`, `min` and `max`; the finding stands at the value and notes the rule.
  private func obeys(_ rules: FieldValues, _ value: Node, _ name: Located<String>) -> Bool {
    if case .list(let allowed) = rules["one_of"].content {
      let isListed = allowed.contains {
        ExpressionValue(nodeOf: $0).map { isSame($0, ExpressionValue(value)) } ?? false
      }
      if !isListed {
        let words = allowed.compactMap { ExpressionValue(nodeOf: $0).map(plainText) }
        report(
          "param.one_of", "'\(name.value)' must be one of \(wordList(words, "or")), but is \(value.described)", value,
          rules["one_of"], suggestion: value.scalar.flatMap { nearest($0.text, in: words) })
        return false
      }
    }
    for (key, word) in [("min", "least"), ("max", "most")] {
      guard let limit = rules.optionalNumber(key) else { continue }
      guard let number = value.asNumber else {
        report("param.type", "'\(name.value)' must be a number, but is \(value.described)", value, rules[key])
        return false
      }
      if key == "min" ? number < limit : number > limit {
        let bound = Node(number: limit, at: value.span).scalar?.text ?? "\(limit)"
        report(
          "param.range", "'\(name.value)' must be at \(word) \(bound), but is \(value.described)", value, rules[key])
        return false
      }
    }
    return true
  }

  private func report(
    _ id: String, _ summary: String, _ value: Node, _ rule: FieldValue, suggestion: String? = nil
  ) {
    findings.add(
      Diagnostic(
        id, summary, detail: "Give another value, or change the rule.", at: value.span,
        notes: [DiagnosticNote("the rule", at: rule.span)], suggestion: suggestion))
  }

  private func isSame(_ a: ExpressionValue, _ b: ExpressionValue?) -> Bool {
    switch (a, b) {
    case (.integer(let x), .number(let y)), (.number(let y), .integer(let x)): Double(x) == y
    default: a == b
    }
  }

  private func plainText(_ value: ExpressionValue) -> String {
    value.node(at: .standard).scalar?.text ?? value.described
  }
}

extension ExpressionValue {
  /// The value of a field of type `.value`.
  init?(nodeOf field: FieldValue) {
    switch field.content {
    case .none: self = .null
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .boolean(let value): self = .boolean(value)
    case .string(let value): self = .string(value)
    case .list(let items): self = .list(items.compactMap(ExpressionValue.init(nodeOf:)))
    case .step, .steps, .group, .dictionary: return nil
    }
  }
}

/// Reports a name that expressions, paths and file formats could not hold.
func checkName(_ name: Located<String>, _ what: String, _ findings: Findings) -> Bool {
  if isIdentifier(name.value) { return true }
  let article = "aeiou".contains(what.prefix(1)) ? "an" : "a"
  findings.add(
    Diagnostic(
      "name.invalid", "'\(name.value)' cannot be the name of \(article) \(what)",
      detail: "A name starts with a letter and goes on with letters, digits and underscores.", at: name.span))
  return false
}
