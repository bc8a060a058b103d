import Diagnostics
import Syntax

extension Expander {
  /// Adds the step that `item` is, or the layers of the block that it names.
  func expandStep(_ item: Node, in scope: Scope, into list: inout StepList, inside copies: [ExpandedStep.Copy]) {
    guard !isPastLimit else { return }
    guard let step = named(item, in: scope) else {
      record.failed.insert(list.nextPath)
      list.nodes.append(item)
      list.steps.append(ExpandedStep(name: nil, copies: copies, namedAt: nil))
      return
    }
    if list.part == .layer, let parts = step.stepParts, let block = blocks[parts.name.value] {
      usedBlocks.insert(parts.name.value)
      expandBlock(block, Use(name: parts.name, arguments: parts.arguments), in: scope, into: &list, inside: copies)
      return
    }
    countLayer(at: item.span)
    let path = list.nextPath
    list.nodes.append(expand(step, as: .step(list.part), in: scope, at: path, .item))
    list.steps.append(
      ExpandedStep(name: step.stepParts?.name.value, copies: copies, namedAt: evaluator.source(ofName: item, in: scope))
    )
  }

  /// A use of a block, as written.
  struct Use {
    let name: Located<String>
    let arguments: Node?
  }

  /// The item with the templates in its name replaced, those of its fields left for later.
  private func named(_ item: Node, in scope: Scope) -> Node? {
    switch item.content {
    case .scalar:
      return evaluator.evaluate(item, in: scope, as: .item)
    case .mapping(let entries) where entries.count == 1:
      guard let entry = entries.first, let key = evaluator.evaluate(key: entry.key, in: scope) else { return nil }
      return Node(.mapping([Entry(key: key, value: entry.value)]), at: item.span, replacing: item.replaced)
    default:
      return item
    }
  }

  private func expandBlock(
    _ block: Block?, _ use: Use, in scope: Scope, into list: inout StepList, inside copies: [ExpandedStep.Copy]
  ) {
    guard let block, isAllowed(use, inside: copies), let rounds = rounds(of: use, block, in: scope) else { return }
    for names in rounds {
      guard !isPastLimit else { return }
      copyCount += 1
      countLayer(at: use.name.span, adding: 0)
      var useScope = scope
      useScope.locals.merge(names) { _, new in new }
      guard let locals = arguments(of: use, block, repeated: names, in: useScope) else { return }
      let copy = ExpandedStep.Copy(block: use.name, number: copyCount)
      for item in block.layers.items ?? [] {
        expandStep(item, in: scope.entering(locals), into: &list, inside: copies + [copy])
      }
    }
  }

  private func isAllowed(_ use: Use, inside copies: [ExpandedStep.Copy]) -> Bool {
    if copies.contains(where: { $0.block.value == use.name.value }) {
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

  /// The names of `for` with their values, once for each copy; a single empty round where there is no `for`.
  private func rounds(of use: Use, _ block: Block, in scope: Scope) -> [[String: Binding]]? {
    guard let arguments = use.arguments, !arguments.isNull else { return [[:]] }
    guard let entries = arguments.entries else {
      findings.add(
        Diagnostic(
          "value.type", "'\(block.name.value)' is a block and takes a mapping, but this is \(arguments.described)",
          detail: block.parameters.isEmpty
            ? "It has no parameters: write just its name."
            : "Its parameters are "
              + wordList(block.parameters.map(\.name.value)) + ".",
          at: arguments.span, notes: [DiagnosticNote("the block", at: block.name.span)]))
      return nil
    }
    guard let entry = entries.first(where: { $0.key.value == "for" }) else { return [[:]] }
    usesRepeats = true
    guard let names = entry.value.entries, !names.isEmpty else {
      findings.add(
        Diagnostic(
          "block.for", "'for' takes names with a list of values each, but this is \(entry.value.described)",
          detail: "Write 'for: {out: [128, 256]}' for two copies.", at: entry.value.span))
      return nil
    }
    return rounds(names, in: scope)
  }

  private func rounds(_ names: [Entry], in scope: Scope) -> [[String: Binding]]? {
    var lists: [(key: Located<String>, list: Node)] = []
    var isUsable = true
    for name in names {
      guard checkName(name.key, "value of 'for'", findings) else {
        isUsable = false
        continue
      }
      guard let value = evaluated(name.value, in: scope) else {
        isUsable = false
        continue
      }
      if value.items == nil {
        findings.add(
          Diagnostic(
            "block.for",
            "'\(name.key.value)' needs a list with one value for each copy, but this is \(value.described)",
            detail: "Write the values in brackets: '[128, 256]'.", at: value.span))
        isUsable = false
      }
      lists.append((name.key, value))
    }
    guard isUsable, let first = lists.first else { return nil }
    let count = first.list.items?.count ?? 0
    for other in lists.dropFirst() where other.list.items?.count != count {
      findings.add(
        Diagnostic(
          "block.for",
          "'\(other.key.value)' has \(other.list.items?.count ?? 0) values, but '\(first.key.value)' has \(count)",
          detail: "The lists of one 'for' go in step, so all of them have one value for each copy.",
          at: other.list.span, notes: [DiagnosticNote("the other list", at: first.list.span)]))
      return nil
    }
    return (0..<count).map { index in
      Dictionary(
        lists.compactMap { list in list.list.items.map { (list.key.value, .value($0[index])) } },
        uniquingKeysWith: { first, _ in first })
    }
  }

  /// The values of the block's parameters in one copy.
  private func arguments(
    of use: Use, _ block: Block, repeated: [String: Binding], in scope: Scope
  ) -> [String: Binding]? {
    let parameters = block.parameters.map(\.name.value)
    var locals: [String: Binding] = [:]
    var isUsable = true
    var namesInUse: Set<String> = []
    for entry in use.arguments?.entries ?? [] where entry.key.value != "for" {
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
    for entry in use.arguments?.value(forKey: "for")?.entries ?? [] {
      if parameters.contains(entry.key.value) {
        locals[entry.key.value] = repeated[entry.key.value]
      } else if !namesInUse.contains(entry.key.value) {
        reportUnknown(entry.key, block, parameters)
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
    let suggestion = nearest(key.value, in: parameters + ["for"])
    findings.add(
      Diagnostic(
        "block.argument_unknown", "the block '\(block.name.value)' has no parameter '\(key.value)'",
        detail: parameters.isEmpty ? "It has no parameters." : "Its parameters are \(wordList(parameters)).",
        at: key.span, notes: [DiagnosticNote("the block", at: block.name.span)], suggestion: suggestion))
  }

  /// An argument with its templates replaced, wherever they stand in it; nil after reporting what is wrong.
  private func evaluated(_ node: Node, in scope: Scope) -> Node? {
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

  /// Counts a layer or a copy, and stops expansion once there are too many.
  private func countLayer(at span: SourceSpan, adding count: Int = 1) {
    layerCount += count
    let limit = usesRepeats ? Self.repeatedLayerLimit : Self.layerLimit
    guard max(layerCount, copyCount) > limit, !isPastLimit else { return }
    isPastLimit = true
    findings.add(
      Diagnostic(
        "limit.layers", "the spec expands to more than \(limit) layers",
        detail: "Blocks within blocks multiply. Use fewer copies.", at: span))
  }
}
