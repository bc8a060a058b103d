import Diagnostics
import Syntax

extension Decoder {
  /// A list of steps.
  func steps(_ node: Node, of part: VocabularyPart, _ subject: Subject, at path: String) -> FieldValue.Content? {
    guard let items = node.items else {
      if node.isNull { return .steps([]) }
      wrongType(
        node, .steps(part), subject, hint: "Write one \(part.rawValue) an item: each on its own line after '- '.")
      return nil
    }
    let steps = items.enumerated().compactMap { index, item in
      let itemPath = below(path, String(index))
      return step(item, of: part, label: record.steps[itemPath]?.label, subject, at: itemPath)
    }
    return steps.count == items.count ? .steps(steps) : nil
  }

  /// One step: `relu`, `linear: 128` or `conv1d: {...}`.
  func step(_ node: Node, of part: VocabularyPart, label: String?, _ subject: Subject, at path: String) -> Step? {
    if record.failed.contains(path) { return nil }
    guard let parts = node.stepParts else {
      reportShape(node, part, subject)
      return nil
    }
    guard let kind = kind(parts.name, of: part, namedAt: record.steps[path]?.namedAt) else { return nil }
    let arguments = parts.arguments ?? Node(.mapping([]), at: node.span)
    let inner = Subject("'\(kind.name)'", anchor: parts.name.span)
    guard let values = group(arguments, kind.table, inner, at: below(path, kind.name)) else { return nil }
    return Step(
      kind: parts.name, values: values, label: label ?? kind.name, at: node.span,
      expandedFrom: record.steps[path]?.expandedFrom ?? [])
  }

  /// A mapping of which `tag` names the kind, or the bare name of one.
  func variant(_ node: Node, tag: String, of part: VocabularyPart, _ subject: Subject, at path: String) -> Step? {
    guard let entries = node.variantForm(tag: tag).entries else {
      wrongType(node, .variant(tag: tag, part), subject, hint: "Write '\(tag):' with \(oneOf(part)).")
      return nil
    }
    guard let entry = entries.first(where: { $0.key.value == tag }) else {
      report(
        Diagnostic(
          "key.missing", "\(subject.short) has no '\(tag)'", detail: "Add '\(tag):' with \(oneOf(part)).",
          at: subject.anchor ?? node.span))
      return nil
    }
    if record.failed.contains(below(path, tag)) { return nil }
    guard let name = entry.value.scalar, !name.isNull else {
      wrongType(
        entry.value, .choice(vocabulary.names(of: part)), Subject(entry.key, of: subject))
      return nil
    }
    guard let kind = kind(Located(name.text, at: entry.value.span), of: part) else { return nil }
    let others = Node(.mapping(entries.filter { $0.key.value != tag }), at: node.span, replacing: node.replaced)
    let inner = Subject("'\(tag): \(kind.name)'", anchor: entry.value.span)
    guard let values = group(others, kind.table, inner, at: path) else { return nil }
    return Step(
      kind: Located(kind.name, at: entry.value.span), values: values, label: kind.name, at: node.span)
  }

  private func oneOf(_ part: VocabularyPart) -> String {
    FieldType.choice(vocabulary.names(of: part)).described
  }

  /// The kind with that name. Where the name is an expression, `namedAt` is the place of its value.
  private func kind(_ name: Located<String>, of part: VocabularyPart, namedAt: SourceSpan? = nil) -> Kind? {
    if let kind = vocabulary.kind(name.value, of: part) { return kind }
    let known = vocabulary.names(of: part) + (part == .layer ? blockNames : [])
    var detail = "Known \(known.count == 1 ? "is" : "are") \(wordList(known))."
    if let other = VocabularyPart.allCases.first(where: { vocabulary.kind(name.value, of: $0) != nil }) {
      detail = "'\(name.value)' is \(other.withArticle), which cannot stand here. " + detail
    }
    report(
      Diagnostic(
        "\(part.area).unknown", "there is no \(part.rawValue) '\(name.value)'", detail: detail, at: name.span,
        notes: namedAt.map { [DiagnosticNote("the name was given here", at: $0)] } ?? [],
        suggestion: nearest(name.value, in: known)))
    return nil
  }

  /// Reports an item that is not one name with its fields.
  private func reportShape(_ node: Node, _ part: VocabularyPart, _ subject: Subject) {
    let entries = node.entries ?? []
    guard entries.count > 1 else {
      wrongType(
        node, .step(part), Subject("an item of \(subject.short)", anchor: subject.anchor),
        hint: "Write a name, such as \(wordList(Array(vocabulary.names(of: part).prefix(2)), "or")).")
      return
    }
    let keys = entries.prefix(4).map(\.key.value)
    let first = keys[0]
    let isIndent = entries[0].value.isNull && vocabulary.kind(first, of: part)?.table.field(keys[1]) != nil
    report(
      Diagnostic(
        "step.several_keys", "each item is one \(part.rawValue), but this one has the keys \(wordList(keys))",
        detail: isIndent
          ? "The fields of '\(first)' must be indented further than its name."
          : "Start every \(part.rawValue) with '- ' on its own line.", at: entries[1].key.span,
        notes: [DiagnosticNote("the item starts here", at: entries[0].key.span)]))
  }
}
