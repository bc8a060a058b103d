import Diagnostics

/// A default as it could be written in a spec.
///
/// - Parameter type: of the field; a field of type `.sizes` holds a list where one number is written.
public func standardValue(_ content: FieldValue.Content, _ type: FieldType) -> JSON {
  switch content {
  case .none: return .null
  case .integer(let value): return .integer(value)
  case .number(let value): return Int(exactly: value).map(JSON.integer) ?? .number(value)
  case .boolean(let value): return .boolean(value)
  case .string(let text): return .string(text)
  case .list(let items):
    let item = type.listItem
    if item.isSize, items.count == 1, let only = items.first { return standardValue(only.content, .integer()) }
    return .array(items.map { standardValue($0.content, item.type) })
  case .step(let step): return written(step)
  case .steps(let steps): return .array(steps.map(written))
  case .group(let values): return fields(values)
  case .dictionary(let entries):
    return .object(entries.map { (key: $0.key.value, value: standardValue($0.value.content, .value)) })
  }
}

/// A step in its shortest form.
private func written(_ step: Step) -> JSON {
  step.values.values.isEmpty ? .string(step.kind.value) : .object([(key: step.kind.value, value: fields(step.values))])
}

/// What is not given says nothing and is left out.
private func fields(_ values: FieldValues) -> JSON {
  .object(
    values.values.compactMap { name, value in
      if case .none = value.content { return nil }
      return (key: name, value: standardValue(value.content, .value))
    })
}

extension FieldType {
  /// The type of the items of a list, and whether the list is one of sizes.
  fileprivate var listItem: (type: FieldType, isSize: Bool) {
    switch self {
    case .sizes: return (.integer(), true)
    case .list(let item, _, _): return (item, false)
    case .optional(let inner): return inner.listItem
    case .either(let types):
      let items = types.map(\.listItem)
      return items.first(where: \.isSize) ?? items.first ?? (.value, false)
    default: return (.value, false)
    }
  }
}
