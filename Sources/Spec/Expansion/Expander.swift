import Diagnostics
import Syntax

/// Replaces every `${...}` by its value and every use of a block by its layers.
final class Expander {
  /// Layers that may be written out, and that may result where lists are repeated with `for`.
  static let layerLimit = 10_000
  static let repeatedLayerLimit = 100_000
  /// How deep blocks may lie in blocks.
  static let blockDepth = 64

  let vocabulary: Vocabulary
  let evaluator: Evaluator
  let blocks: [String: Block?]
  /// Known once parameters are, since formulas can hold them.
  var activations: [String: NamedActivation?] = [:]
  var findings: Findings { evaluator.findings }

  var record = ExpansionRecord()
  /// The blocks that were used.
  var usedBlocks: Set<String> = []
  var usedActivations: Set<String> = []
  /// The copies of blocks that are being expanded, outermost first.
  var copies: [ExpandedStep.Copy] = []
  /// The least number of layers that each block comes to, as far as it has been asked for.
  var blockCounts: [String: Int] = [:]
  private var listDepth = 0
  var layerCount = 0
  var copyCount = 0
  var usesRepeats = false
  var isPastLimit = false

  init(vocabulary: Vocabulary, evaluator: Evaluator, blocks: [String: Block?]) {
    self.vocabulary = vocabulary
    self.evaluator = evaluator
    self.blocks = blocks
  }

  /// The expanded tree. Values that could not be worked out stay as they are and are recorded as failed.
  func expand(
    _ node: Node, as type: FieldType?, in scope: Scope, at path: String, _ position: Evaluator.Position = .value
  ) -> Node {
    if let (key, inner) = bareField(of: type?.fitting(node), for: node) {
      return expand(node, as: inner, in: scope, at: below(path, key), position)
    }
    switch node.content {
    case .scalar:
      return expandScalar(node, as: type, in: scope, at: path, position)
    case .sequence(let items):
      let fitted = type?.fitting(node)
      if case .steps(let part)? = fitted { return expandSteps(node, items, of: part, in: scope, at: path) }
      let itemType = fitted?.item(of: node)
      let values = items.enumerated().map { index, item in
        expand(item, as: itemType, in: scope, at: below(path, String(index)), .item)
      }
      return Node(.sequence(values), at: node.span, replacing: node.replaced)
    case .mapping(let entries):
      return expandMapping(node, entries, as: type?.fitting(node), in: scope, at: path)
    }
  }

  /// The field that a bare value stands for, under whose path the decoder looks for it.
  private func bareField(of type: FieldType?, for node: Node) -> (key: String, type: FieldType)? {
    guard node.entries == nil else { return nil }
    switch type {
    case .group(let table):
      guard let primary = table.primary, let field = table.field(primary) else { return nil }
      return (primary, field.type)
    case .variant(let tag, let part) where node.scalar != nil:
      return (tag, .choice(vocabulary.names(of: part)))
    default:
      return nil
    }
  }

  private func expandScalar(
    _ node: Node, as type: FieldType?, in scope: Scope, at path: String, _ position: Evaluator.Position
  ) -> Node {
    var readsEnvironment = false
    if case .environmentText? = type?.fitting(node) { readsEnvironment = true }
    guard let value = evaluator.evaluate(node, in: scope, as: position, environment: readsEnvironment) else {
      record.failed.insert(path)
      return node
    }
    // A parameter can hold a whole list of steps.
    if let items = value.items, case .steps(let part)? = type?.fitting(value) {
      return expandSteps(value, items, of: part, in: scope, at: path)
    }
    return value
  }

  private func expandMapping(
    _ node: Node, _ entries: [Entry], as type: FieldType?, in scope: Scope, at path: String
  ) -> Node {
    var result: [Entry] = []
    var places: [String: SourceSpan] = [:]
    for entry in entries {
      guard let key = evaluator.evaluate(key: entry.key, in: scope) else {
        record.failed.insert(path)
        continue
      }
      if let first = places[key.value] {
        findings.add(
          Diagnostic(
            "key.duplicate", "the key '\(key.value)' stands twice in this mapping",
            detail: "An expression gives the same key as another one. Remove one of them.", at: key.span,
            notes: [DiagnosticNote("the first one", at: first)]))
        continue
      }
      places[key.value] = key.span
      let childType = type?.child(key.value, of: node, in: vocabulary)
      let value = expand(entry.value, as: childType, in: scope, at: below(path, key.value))
      result.append(Entry(key: key, value: value))
    }
    return Node(.mapping(result), at: node.span, replacing: node.replaced)
  }

  /// A list of steps: layers can be uses of blocks, and every step gets its label.
  func expandSteps(
    _ node: Node, _ items: [Node], of part: VocabularyPart, in scope: Scope, at path: String
  ) -> Node {
    guard listDepth < Self.blockDepth else {
      findings.add(
        Diagnostic(
          "limit.nesting", "lists of layers lie more than \(Self.blockDepth) deep in each other", at: node.span))
      record.failed.insert(path)
      return node
    }
    listDepth += 1
    defer { listDepth -= 1 }
    var list = StepList(path: path, part: part, depth: copies.count)
    for item in items { expandStep(item, in: scope, into: &list) }
    if isPastLimit {
      record.failed.insert(path)
      return node
    }
    let around = copies.map(\.block)
    for (index, label) in Labels(list.steps).labels.enumerated() {
      let step = list.steps[index]
      if let given = step.given { checkName(given, became: label) }
      record.steps[below(path, String(index))] = ExpansionRecord.StepRecord(
        label: label, expandedFrom: around + step.copies.map(\.block), namedAt: step.namedAt)
    }
    return Node(.sequence(list.nodes), at: node.span, replacing: node.replaced)
  }

  /// A name that is taken would get a number, which is not what its writer meant.
  private func checkName(_ given: Located<String>, became label: String) {
    if label == given.value || label.hasSuffix("." + given.value) || activations[given.value] != nil { return }
    findings.add(
      Diagnostic(
        "name.duplicate", "another layer of this list is called '\(given.value)'",
        detail: "Names tell parameters apart in checkpoints. Give each layer one of its own.", at: given.span))
  }
}

/// A list of steps that is being expanded.
struct StepList {
  let path: String
  let part: VocabularyPart
  /// How many copies of blocks lie around the list.
  let depth: Int
  var nodes: [Node] = []
  var steps: [ExpandedStep] = []

  /// The path of the step that comes next.
  var nextPath: String { below(path, String(nodes.count)) }
}
