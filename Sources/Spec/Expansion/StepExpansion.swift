import Diagnostics
import Syntax

extension Expander {
  /// Adds the step that `item` is, or the layers that a block, a repetition or a named activation stands for.
  func expandStep(_ item: Node, in scope: Scope, into list: inout StepList) {
    guard !isPastLimit else { return }
    guard var step = named(item, in: scope) else {
      fail(item, in: &list)
      return
    }
    var given: Located<String>?
    if list.part == .layer, let parts = step.stepParts {
      let name = parts.name
      let isBlock = blocks[name.value] != nil
      if isBlock || name.value == repeatKind.name, !isLayer(name.value) || name.value == repeatKind.name {
        guard let use = use(name, parts.arguments, at: item.span, in: scope) else { return }
        if isBlock {
          usedBlocks.insert(name.value)
          if let block = blocks[name.value] ?? nil { expandBlock(block, use, in: scope, into: &list) }
        } else {
          expandRepetition(use, in: scope, into: &list)
        }
        return
      }
      guard let taken = takingName(from: step, parts, in: scope) else {
        fail(item, in: &list)
        return
      }
      (step, given) = taken
      if let activation = activations[name.value] {
        usedActivations.insert(name.value)
        guard let activation, let formula = formula(of: activation, usedBy: step) else {
          fail(item, in: &list)
          return
        }
        step = formula
        given = given ?? Located(name.value, at: name.span)
      }
    }
    countLayer(at: item.span)
    let path = list.nextPath
    list.nodes.append(expand(step, as: .step(list.part), in: scope, at: path, .item))
    list.steps.append(
      ExpandedStep(
        name: step.stepParts?.name.value, given: given, copies: copies(since: list),
        namedAt: evaluator.source(ofName: item, in: scope)))
  }

  /// Keeps the place of a step that could not be read; that has been reported.
  private func fail(_ item: Node, in list: inout StepList) {
    record.failed.insert(list.nextPath)
    list.nodes.append(item)
    list.steps.append(ExpandedStep(name: nil, given: nil, copies: copies(since: list), namedAt: nil))
  }

  private func copies(since list: StepList) -> [ExpandedStep.Copy] { Array(copies[list.depth...]) }

  private func isLayer(_ name: String) -> Bool { vocabulary.kind(name, of: .layer) != nil }

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

  /// A layer without the `name` among its fields, and that name. nil after reporting what is wrong with it.
  private func takingName(
    from step: Node, _ parts: (name: Located<String>, arguments: Node?), in scope: Scope
  ) -> (Node, Located<String>?)? {
    guard let arguments = parts.arguments, let entry = arguments.entry(forKey: nameField.name),
      vocabulary.kind(parts.name.value, of: .layer)?.table.field(nameField.name) == nil
    else { return (step, nil) }
    guard let name = stepName(entry.value, in: scope) else { return nil }
    let rest = arguments.removing { $0 == nameField.name }
    return (Node(.mapping([Entry(key: parts.name, value: rest)]), at: step.span, replacing: step.replaced), name)
  }

  /// The text of a `name`, checked.
  func stepName(_ node: Node, in scope: Scope) -> Located<String>? {
    guard let value = evaluator.evaluate(node, in: scope, as: .value) else { return nil }
    guard let scalar = value.scalar, !scalar.isNull else {
      findings.add(
        Diagnostic("value.type", "'name' must be a text, but is \(value.described)", at: value.span))
      return nil
    }
    let parts = scalar.text.split(separator: ".", omittingEmptySubsequences: false)
    guard isIdentifier(String(parts[0])), parts.allSatisfy({ isIdentifier("_" + $0) && !$0.isEmpty }) else {
      findings.add(
        Diagnostic(
          "name.invalid", "'\(scalar.text)' cannot be the name of a layer",
          detail: "A name starts with a letter and goes on with letters, digits and underscores; dots join several.",
          at: value.span))
      return nil
    }
    return Located(scalar.text, at: value.span)
  }

  /// Counts a layer or a copy, and stops expansion once there are too many.
  func countLayer(at span: SourceSpan, adding count: Int = 1) {
    layerCount += count
    let limit = usesRepeats ? Self.repeatedLayerLimit : Self.layerLimit
    if max(layerCount, copyCount) > limit { stop(at: span, limit: limit) }
  }
}
