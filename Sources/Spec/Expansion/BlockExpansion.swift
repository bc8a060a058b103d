import Diagnostics
import Syntax

/// A use of a block or of `repeat`: its name, how often it is copied, and what else is given to it.
struct BlockUse {
  let name: Located<String>
  /// What the copies are called in labels.
  let label: String
  /// For each copy the names of `for` with their values; one empty round where nothing is repeated.
  let rounds: [[String: Binding]]
  /// The names of `for`.
  let repeated: [Located<String>]
  /// Everything but `for`, `repeat` and `name`.
  let arguments: [Entry]
}

extension Expander {
  func expandBlock(_ block: Block, _ use: BlockUse, in scope: Scope, into list: inout StepList) {
    let items = block.layers.items ?? []
    guard isAllowed(use), hasRoom(for: items, copies: use.rounds.count, at: use.name.span) else { return }
    for names in use.rounds {
      guard !isPastLimit else { return }
      var useScope = scope
      useScope.locals.merge(names) { _, new in new }
      guard let locals = arguments(of: use, block, repeated: names, in: useScope) else { return }
      expandCopy(of: use, items, in: scope.entering(locals), into: &list)
    }
  }

  /// One copy of layers that stand together.
  func expandCopy(of use: BlockUse, _ items: [Node], in scope: Scope, into list: inout StepList) {
    copyCount += 1
    countLayer(at: use.name.span, adding: 0)
    copies.append(ExpandedStep.Copy(block: use.name, label: use.label, number: copyCount))
    defer { copies.removeLast() }
    for item in items { expandStep(item, in: scope, into: &list) }
  }

  /// Whether the use is neither part of itself nor too deep in others.
  func isAllowed(_ use: BlockUse) -> Bool {
    if use.name.value != repeatKind.name, copies.contains(where: { $0.block.value == use.name.value }) {
      findings.add(
        Diagnostic(
          "block.recursive", "the block '\(use.name.value)' is used inside itself",
          detail: "A block stands for a fixed list of layers, so it cannot hold itself.", at: use.name.span,
          notes: copies.reversed().map { DiagnosticNote("'\($0.block.value)' is used here", at: $0.block.span) }))
      return false
    }
    if copies.count >= Self.blockDepth {
      findings.add(
        Diagnostic("limit.blocks", "blocks lie more than \(Self.blockDepth) deep in each other", at: use.name.span))
      return false
    }
    return true
  }

  /// The values of the block's parameters in one copy.
  private func arguments(
    of use: BlockUse, _ block: Block, repeated: [String: Binding], in scope: Scope
  ) -> [String: Binding]? {
    let parameters = block.parameters.map(\.name.value)
    var locals: [String: Binding] = [:]
    var isUsable = true
    var namesInUse: Set<String> = []
    for entry in use.arguments {
      namesInUse.formUnion(evaluator.allNames(in: entry.value))
      guard parameters.contains(entry.key.value) else {
        reportUnknown(entry.key, block, parameters)
        isUsable = false
        continue
      }
      if repeated[entry.key.value] != nil {
        findings.add(
          Diagnostic(
            "block.for", "'\(entry.key.value)' is given both in 'for' and beside it",
            detail: "Remove one of them.", at: entry.key.span))
        isUsable = false
      }
      locals[entry.key.value] = evaluated(entry.value, in: scope).map(Binding.value) ?? .failed
    }
    for name in use.repeated {
      if parameters.contains(name.value) {
        locals[name.value] = repeated[name.value]
      } else if !namesInUse.contains(name.value) {
        reportUnknown(name, block, parameters)
        isUsable = false
      }
    }
    for parameter in block.parameters where locals[parameter.name.value] == nil {
      guard let standard = parameter.standard else {
        findings.add(
          Diagnostic(
            "block.argument_missing", "'\(block.name.value)' needs a value for '\(parameter.name.value)'",
            detail: "Add '\(parameter.name.value): ...' to this use, or give the parameter a default.",
            at: use.name.span, notes: [DiagnosticNote("the parameter", at: parameter.name.span)]))
        isUsable = false
        continue
      }
      // A default can use the parameters that are known by now.
      let value = evaluated(standard, in: scope.entering(locals))
      locals[parameter.name.value] = value.map(Binding.value) ?? .failed
    }
    return isUsable ? locals : nil
  }

  private func reportUnknown(_ key: Located<String>, _ block: Block, _ parameters: [String]) {
    let suggestion = nearest(key.value, in: parameters + BlockUse.keys)
    findings.add(
      Diagnostic(
        "block.argument_unknown", "the block '\(block.name.value)' has no parameter '\(key.value)'",
        detail: parameters.isEmpty ? "It has no parameters." : "Its parameters are \(wordList(parameters)).",
        at: key.span, notes: [DiagnosticNote("the block", at: block.name.span)], suggestion: suggestion))
  }

  /// An argument with its templates replaced, wherever they stand in it; nil after reporting what is wrong.
  func evaluated(_ node: Node, in scope: Scope) -> Node? {
    switch node.content {
    case .scalar:
      return evaluator.evaluate(node, in: scope, as: .value)
    case .sequence(let items):
      let values = items.compactMap { evaluated($0, in: scope) }
      guard values.count == items.count else { return nil }
      return evaluator.limited(Node(.sequence(values), at: node.span, replacing: node.replaced))
    case .mapping(let entries):
      let values = entries.compactMap { entry -> Entry? in
        guard let key = evaluator.evaluate(key: entry.key, in: scope), let value = evaluated(entry.value, in: scope)
        else { return nil }
        return Entry(key: key, value: value)
      }
      guard values.count == entries.count else { return nil }
      return evaluator.limited(Node(.mapping(values), at: node.span, replacing: node.replaced))
    }
  }

}
