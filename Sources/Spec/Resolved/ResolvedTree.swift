import Diagnostics
import Syntax

/// Writes decoded values as a spec again: all defaults in place, steps in long form, keys in the order of the tables.
struct ResolvedTree {
  /// What has been used up by expansion, and so does not come back.
  static let omitted: Set<String> = ["extends", "params", "activations", "blocks", "sweep"]

  let vocabulary: Vocabulary

  /// The whole spec, with the name that it goes by.
  func node(_ values: FieldValues, name: String) -> Node {
    let table = specTable(vocabulary)
    let entries = table.fields.compactMap { field -> Entry? in
      guard !Self.omitted.contains(field.name) else { return nil }
      let value = values[field.name]
      if field.name == "doc", case .string("") = value.content { return nil }
      let content =
        field.name == "name" ? Node(string: Template.escaped(name), at: value.span) : node(value, field.type)
      return Entry(key: Located(field.name, at: content.span), value: content)
    }
    return Node(.mapping(entries), at: values.span)
  }

  private func node(_ value: FieldValue, _ type: FieldType) -> Node {
    Node(content(of: value, type), at: value.span, replacing: value.replaced)
  }

  private func content(of value: FieldValue, _ type: FieldType) -> Node.Content {
    switch value.content {
    case .none: return Node.null(at: .standard).content
    case .integer(let value): return Node(integer: value, at: .standard).content
    case .number(let value): return Node(number: value, at: .standard).content
    case .boolean(let value): return Node(boolean: value, at: .standard).content
    case .string(let text):
      // `${env.NAME}` stays what it is; elsewhere an expression's sign is a plain text by now.
      if case .environmentText = type.fitting(nil) { return .scalar(Scalar(text, style: .quoted)) }
      return .scalar(Scalar(Template.escaped(text), style: .quoted))
    case .list(let items):
      return list(items, type.fitting(Node(.sequence([]), at: .standard)))
    case .step(let step):
      return self.step(step, type.fitting(Node(.mapping([]), at: .standard)))
    case .steps(let steps):
      guard case .steps(let part) = type.fitting(Node(.sequence([]), at: .standard)) else { return .sequence([]) }
      let areNamed = part == .layer && !areLabelledByKind(steps)
      return .sequence(
        steps.map { step in
          Node(areNamed ? named(step, part) : self.step(step, .step(part)), at: step.span)
        })
    case .group(let values):
      guard case .group(let table) = type.fitting(Node(.mapping([]), at: .standard)) else { return .mapping([]) }
      return .mapping(fields(values, table))
    case .dictionary(let entries):
      guard case .dictionary(let item) = type.fitting(Node(.mapping([]), at: .standard)) else { return .mapping([]) }
      return .mapping(
        entries.map {
          Entry(key: Located(Template.escaped($0.key.value), at: $0.key.span), value: node($0.value, item))
        })
    }
  }

  private func list(_ items: [FieldValue], _ type: FieldType) -> Node.Content {
    switch type {
    case .sizes(let min, let max):
      if items.count == 1, let only = items.first { return content(of: only, .integer(min: min, max: max)) }
      return .sequence(items.map { node($0, .integer(min: min, max: max)) })
    case .list(let item, _, _):
      return .sequence(items.map { node($0, item) })
    default:
      return .sequence(items.map { node($0, type) })
    }
  }

  /// Whether the steps would get their labels without blocks and names, too.
  private func areLabelledByKind(_ steps: [Step]) -> Bool {
    let plain = steps.map { ExpandedStep(name: $0.kind.value, given: nil, copies: [], namedAt: nil) }
    return Labels(plain).labels == steps.map(\.label)
  }

  /// A step with its label as `name`, which stands before its fields.
  private func named(_ step: Step, _ part: VocabularyPart) -> Node.Content {
    let table = vocabulary.kind(step.kind.value, of: part)?.table ?? FieldTable([])
    let name = Entry(
      key: Located(nameField.name, at: step.kind.span), value: Node(string: step.label, at: step.kind.span))
    let arguments = Node(.mapping([name] + fields(step.values, table)), at: step.values.span)
    return .mapping([Entry(key: step.kind, value: arguments)])
  }

  /// A step as `{kind: {...}}`, or its bare name where it has no fields; a variant with the tag among its fields.
  private func step(_ step: Step, _ type: FieldType) -> Node.Content {
    switch type {
    case .variant(let tag, let part):
      let kind = Node(string: step.kind.value, at: step.kind.span)
      let table = vocabulary.kind(step.kind.value, of: part)?.table ?? FieldTable([])
      return .mapping([Entry(key: Located(tag, at: step.kind.span), value: kind)] + fields(step.values, table))
    case .step(let part):
      let table = vocabulary.kind(step.kind.value, of: part)?.table ?? FieldTable([])
      if table.fields.isEmpty { return .scalar(Scalar(step.kind.value, style: .quoted)) }
      let arguments = Node(.mapping(fields(step.values, table)), at: step.values.span)
      return .mapping([Entry(key: step.kind, value: arguments)])
    default:
      return .mapping([])
    }
  }

  /// The fields of a mapping. Beside an exclusive field, those that are absent say nothing and are left out.
  private func fields(_ values: FieldValues, _ table: FieldTable) -> [Entry] {
    table.fields.compactMap { field in
      let value = values[field.name]
      if !table.exclusive.isEmpty, case .none = value.content { return nil }
      return Entry(key: Located(field.name, at: value.span), value: node(value, field.type))
    }
  }
}
