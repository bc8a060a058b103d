import Diagnostics
import Syntax

/// Replaces `${...}` in scalars and keys by values.
final class Evaluator {
  /// Where a template stands. A key's value that is one name comes from the place where that value was written; an
  /// item of a list stays where it is, since an item is known by its own line.
  enum Position {
    case value
    case item
  }

  let findings: Findings
  /// The names of `globals` that were used.
  private(set) var used: Set<String> = []
  /// A block's templates are parsed once for all copies.
  private var templates: [SourceSpan: Template?] = [:]

  init(findings: Findings) {
    self.findings = findings
  }

  /// The scalar with its templates replaced; nil after reporting why that cannot be.
  func evaluate(_ node: Node, in scope: Scope, as position: Position, environment: Bool = false) -> Node? {
    guard let scalar = node.scalar, scalar.text.mayHoldTemplate else { return node }
    guard let parsed = template(at: node.span, { try Template.parse(node) }) else { return nil }
    guard let template = parsed else { return node }
    if environment, template.names.allSatisfy({ $0.value.hasPrefix("env.") }) { return node }
    guard check(template, in: scope, environment: environment) else { return nil }
    if let name = soleName(scalar.text, template), case .value(let value)? = scope.lookup(name) {
      switch position {
      case .value: return Node(value.content, at: value.span, replacing: [node.span] + value.replaced)
      case .item: return Node(value.content, at: node.span, replacing: [value.span] + value.replaced)
      }
    }
    return findings.collect {
      try template.evaluate(known: scope.names, keepingEnvironment: environment) {
        try value(of: $0, in: scope, template)
      }
    }.map { Node($0.content, at: node.span, replacing: node.replaced) }
  }

  /// The key with its templates replaced; nil after reporting why that cannot be.
  func evaluate(key: Located<String>, in scope: Scope) -> Located<String>? {
    guard key.value.mayHoldTemplate else { return key }
    guard let parsed = template(at: key.span, { try Template.parse(key: key) }) else { return nil }
    guard let template = parsed else { return key }
    guard check(template, in: scope, environment: false) else { return nil }
    let node = findings.collect {
      try template.evaluate(known: scope.names) { try value(of: $0, in: scope, template) }
    }
    guard let node else { return nil }
    guard let text = node.scalar?.text else {
      findings.add(
        Diagnostic("value.type", "a key is a text, but this gives \(node.described)", at: key.span))
      return nil
    }
    return Located(text, at: key.span)
  }

  /// A list or mapping with its templates replaced, or nil after reporting that it has become too large: values that hold
  /// each other twice double with every level.
  func limited(_ node: Node) -> Node? {
    var room = SyntaxLimits.standard.nodes
    if node.fits(in: &room, depth: SyntaxLimits.standard.depth) { return node }
    findings.add(
      Diagnostic(
        "limit.value", "this value has more than \(SyntaxLimits.standard.nodes) parts or too many levels",
        detail: "Lists that hold other lists by name grow fast. Use smaller ones.", at: node.span))
    return nil
  }

  /// Where the name of a step was written, if what stands in its place is one `${name}`.
  func source(ofName step: Node, in scope: Scope) -> SourceSpan? {
    guard let name = step.stepParts?.name, name.value.mayHoldTemplate,
      let template = (try? Template.parse(key: name)) ?? nil, let sole = soleName(name.value, template),
      case .value(let value)? = scope.lookup(sole)
    else { return nil }
    return value.span
  }

  /// The names in a scalar's templates; none where they cannot be read.
  func names(in node: Node) -> [String] {
    guard let scalar = node.scalar, scalar.text.mayHoldTemplate else { return [] }
    return ((try? Template.parse(node)) ?? nil)?.names.map(\.value) ?? []
  }

  /// The names in all templates of a tree.
  func allNames(in node: Node) -> Set<String> {
    switch node.content {
    case .scalar: Set(names(in: node))
    case .sequence(let items): items.reduce(into: []) { $0.formUnion(allNames(in: $1)) }
    case .mapping(let entries):
      entries.reduce(into: []) { found, entry in
        found.formUnion(allNames(in: entry.value))
        found.formUnion(names(in: Node(scalar: entry.key.value, style: .plain, at: entry.key.span)))
      }
    }
  }

  private func template(at span: SourceSpan, _ parse: () throws -> Template?) -> Template?? {
    if let known = templates[span] { return .some(known) }
    let parsed = findings.collect(parse)
    if let parsed { templates[span] = .some(parsed) }
    return parsed
  }

  /// False where a name has failed before, or where the environment is read and must not be.
  private func check(_ template: Template, in scope: Scope, environment: Bool) -> Bool {
    var isUsable = true
    for name in template.names {
      if name.value.hasPrefix("env.") {
        if environment { continue }
        findings.add(
          Diagnostic(
            "expression.environment", "'${\(name.value)}' cannot be used here",
            detail: "A spec means the same on every machine: only a corpus's 'root' reads the environment. "
              + "Use a parameter and --set.", at: name.span))
        isUsable = false
        continue
      }
      if scope.locals[name.value] == nil, scope.globals[name.value] != nil { used.insert(name.value) }
      if case .failed? = scope.lookup(name.value) { isUsable = false }
    }
    return isUsable
  }

  private func value(of name: String, in scope: Scope, _ template: Template) throws -> ExpressionValue? {
    guard case .value(let node)? = scope.lookup(name) else { return nil }
    if let value = ExpressionValue(node) { return value }
    throw Diagnostic(
      "expression.type", "'\(name)' is a mapping, which cannot be calculated with",
      detail: "It can only stand by itself, as '${\(name)}'.",
      at: template.names.first { $0.value == name }?.span, notes: [DiagnosticNote("its value", at: node.span)])
  }

  /// The name where the text is one `${name}` and nothing else.
  private func soleName(_ text: String, _ template: Template) -> String? {
    guard template.names.count == 1, let name = template.names.first?.value, text.hasPrefix("${"), text.hasSuffix("}")
    else { return nil }
    let inner = text.dropFirst(2).dropLast().filter { $0 != " " }
    return inner == name ? name : nil
  }
}

extension Node {
  /// Whether the tree has at most `room` nodes and `depth` levels; `room` is what is left.
  fileprivate func fits(in room: inout Int, depth: Int) -> Bool {
    room -= 1
    guard room >= 0, depth > 0 else { return false }
    switch content {
    case .scalar: return true
    case .sequence(let items): return items.allSatisfy { $0.fits(in: &room, depth: depth - 1) }
    case .mapping(let entries): return entries.allSatisfy { $0.value.fits(in: &room, depth: depth - 1) }
    }
  }
}

extension String {
  /// Whether there is any use in looking for `${`.
  fileprivate var mayHoldTemplate: Bool { utf8.contains(UInt8(ascii: "$")) }
}
