import Diagnostics
import Syntax

/// A value of a resolved spec with its name, its type and its parts: what `explain` and `diff` walk.
public struct SpecValue: Sendable {
  public enum Form: Sendable, Equatable {
    /// A scalar or a list of scalars: compared and shown as a whole.
    case plain
    /// Named parts.
    case mapping
    /// Parts without names, by position.
    case list
    /// Steps, each named by its label.
    case steps
    /// A step of this kind, its fields as parts.
    case step(kind: String)
  }

  /// The key, or the label of a step: `conv_block_1.conv1d`. It can hold dots.
  public let name: String
  /// The position in a list.
  public let index: Int?
  public let form: Form
  /// The value as a tree, with its place and those that it replaced.
  public let node: Node
  /// The field that holds the value; nil for items and free names.
  public let field: Field?
  public let parts: [SpecValue]

  package init(name: String, index: Int?, form: Form, node: Node, field: Field?, parts: [SpecValue]) {
    self.name = name
    self.index = index
    self.form = form
    self.node = node
    self.field = field
    self.parts = parts
  }

  /// Whether paths pass the value by: the list of a node's or a layer's own layers.
  public var isUnnamed: Bool { form == .steps && name == "layers" }

  /// The part `name`, or nil.
  public subscript(_ name: String) -> SpecValue? { parts.first { $0.name == name } }

  /// The kind of a step, or nil.
  public var kind: String? {
    if case .step(let kind) = form { kind } else { nil }
  }

  /// The path of `part` below `path`, which is this value's own.
  public func path(of part: SpecValue, below path: String) -> String {
    if part.isUnnamed { return path }
    // `train.optimizer.adam.lr`, but `audio.resample.rate`: the label of an item names its kind already.
    if let kind, index == nil, !isVariant { return Spec.below(Spec.below(path, kind), part.name) }
    return Spec.below(path, part.name)
  }

  /// Every value without parts, with its path.
  public func leaves(below path: String) -> [(path: String, value: SpecValue)] {
    parts.isEmpty ? [(path, self)] : parts.flatMap { $0.leaves(below: self.path(of: $0, below: path)) }
  }

  /// This value and every value in it, with its path.
  func values(below path: String) -> [(path: String, value: SpecValue)] {
    [(path, self)] + parts.flatMap { $0.values(below: self.path(of: $0, below: path)) }
  }

  /// Whether the kind stands among the fields, as in `{policy: fixed, seconds: 3}`.
  var isVariant: Bool {
    if case .variant? = field?.type { true } else { false }
  }
}

extension ExperimentSpec {
  /// The resolved spec as values with names and types.
  ///
  /// - Parameter vocabulary: the one that the spec was resolved with.
  public func values(_ vocabulary: Vocabulary) -> SpecValue {
    let table = specTable(vocabulary)
    let builder = SpecValueBuilder(vocabulary: vocabulary)
    let parts = (resolved.entries ?? []).compactMap { entry -> SpecValue? in
      guard let field = table.field(entry.key.value) else { return nil }
      return builder.value(entry.key.value, entry.value, field.type, field: field, decoded: decoded(entry.key.value))
    }
    return SpecValue(name: "", index: nil, form: .mapping, node: resolved, field: nil, parts: parts)
  }

  /// The decoded value of a top-level key that holds steps, whose labels the tree does not have.
  private func decoded(_ key: String) -> FieldValue.Content? {
    switch key {
    case "audio": .steps(audio)
    case "augment": .steps(augment)
    case "track": .steps(track)
    case "features": .dictionary(features.map { ($0.name, FieldValue(standard: .steps($0.steps))) })
    case "model":
      .dictionary(
        model.nodes.map { node in
          let layers = [(name: "layers", value: FieldValue(standard: .steps(node.layers)))]
          return (node.name, FieldValue(standard: .group(FieldValues(layers, at: node.span))))
        })
    default: nil
    }
  }
}

/// Walks a resolved tree and the types of its tables side by side, and beside both the decoded value, where labels are.
private struct SpecValueBuilder {
  let vocabulary: Vocabulary

  func value(
    _ name: String, index: Int? = nil, _ node: Node, _ type: FieldType?, field: Field? = nil,
    decoded: FieldValue.Content?
  ) -> SpecValue {
    func made(_ form: SpecValue.Form, _ parts: [SpecValue] = []) -> SpecValue {
      SpecValue(name: name, index: index, form: form, node: node, field: field, parts: parts)
    }
    let fitted = type?.fitting(node)
    switch fitted {
    case .group(let table):
      guard let entries = node.entries else { return made(.plain) }
      return made(.mapping, fields(entries, table, decoded))
    case .dictionary(let item):
      guard let entries = node.entries else { return made(.plain) }
      return made(
        .mapping,
        entries.map { value($0.key.value, $0.value, item, decoded: decoded?[$0.key.value]) })
    case .variant(let tag, let part):
      guard let entries = node.entries, let kind = node.value(forKey: tag)?.scalar?.text else { return made(.plain) }
      let own = vocabulary.kind(kind, of: part)?.table.fields ?? []
      let names = Field(tag, .choice(vocabulary.names(of: part)), doc: "The kind.")
      return made(.step(kind: kind), fields(entries, FieldTable([names] + own), decoded))
    case .step(let part):
      let node = part == .layer ? withoutName(node) : node
      guard let step = node.stepParts else { return made(.plain) }
      let table = vocabulary.kind(step.name.value, of: part)?.table ?? FieldTable([])
      return SpecValue(
        name: name, index: index, form: .step(kind: step.name.value), node: node, field: field,
        parts: fields(step.arguments?.entries ?? [], table, decoded))
    case .steps(let part):
      return made(.steps, steps(node.items ?? [], part, decoded))
    case .list(let item, _, _):
      guard let items = node.items, items.contains(where: { $0.scalar == nil }) else { return made(.plain) }
      return made(
        .list,
        items.enumerated().map { value(String($0), index: $0, $1, item, decoded: decoded?[String($0)]) })
    default:
      return made(.plain)
    }
  }

  /// A layer as it would be written without its name, which is its label already.
  private func withoutName(_ step: Node) -> Node {
    guard let parts = step.stepParts, let arguments = parts.arguments,
      arguments.entry(forKey: nameField.name) != nil,
      vocabulary.kind(parts.name.value, of: .layer)?.table.field(nameField.name) == nil
    else { return step }
    let rest = arguments.removing { $0 == nameField.name }
    if rest.entries?.isEmpty == true { return Node(string: parts.name.value, at: step.span) }
    return Node(.mapping([Entry(key: parts.name, value: rest)]), at: step.span, replacing: step.replaced)
  }

  private func fields(_ entries: [Entry], _ table: FieldTable, _ decoded: FieldValue.Content?) -> [SpecValue] {
    entries.map { entry in
      let field = table.field(entry.key.value)
      return value(
        entry.key.value, entry.value, field?.type, field: field, decoded: decoded?[entry.key.value])
    }
  }

  private func steps(_ items: [Node], _ part: VocabularyPart, _ decoded: FieldValue.Content?) -> [SpecValue] {
    var known: [Step] = []
    if case .steps(let steps)? = decoded, steps.count == items.count { known = steps }
    var counts: [String: Int] = [:]
    return items.enumerated().map { index, item in
      let kind = item.stepParts?.name.value ?? ""
      counts[kind, default: 0] += 1
      let number = counts[kind] ?? 1
      let step = known.isEmpty ? nil : known[index]
      let label = part == .layer ? step?.label : nil
      return value(
        label ?? (number == 1 ? kind : "\(kind)_\(number)"), index: index, item, .step(part),
        decoded: step.map(FieldValue.Content.step))
    }
  }
}

extension FieldValue.Content {
  /// A part by its key, or by its position as text.
  fileprivate subscript(_ key: String) -> FieldValue.Content? {
    switch self {
    case .group(let values): values.values.first { $0.name == key }?.value.content
    case .step(let step): step.values.values.first { $0.name == key }?.value.content
    case .dictionary(let entries): entries.first { $0.key.value == key }?.value.content
    case .list(let items): Int(key).flatMap { items.indices.contains($0) ? items[$0].content : nil }
    default: nil
    }
  }
}
