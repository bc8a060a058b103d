import Diagnostics

/// Mappings with fields, steps and variants.
extension SchemaWriter {
  /// A mapping with the fields of `table`, or a bare value for its primary field.
  func group(_ table: FieldTable, isMerged: Bool) -> [JSON] {
    var result: [JSON] = [.object(object(table, isMerged: isMerged))]
    if let primary = table.primary.flatMap(table.field) { result += alternatives(primary.type, isMerged: isMerged) }
    if isMerged || !table.needsValue { result.append(Self.null) }
    return result
  }

  /// A mapping with the fields of `table` and, before them, `tag`.
  func object(
    _ table: FieldTable, isMerged: Bool, tag: Member? = nil
  ) -> [Member] {
    var members: [Member] = [("type", "object")]
    let fields = table.fields.map { (key: $0.name, value: property($0, isMerged: isMerged)) }
    members.append(("properties", .object((tag.map { [$0] } ?? []) + fields)))
    // A key may be an expression.
    members.append(("patternProperties", ["\\$\\{": [:]]))
    members.append(("additionalProperties", false))
    let needed = isMerged ? [] : [tag?.key].compactMap { $0 } + table.requiredNames
    if !needed.isEmpty { members.append(("required", .array(needed.map(JSON.string)))) }
    return members + exclusive(table, isMerged: isMerged)
  }

  /// At most one of the exclusive fields and, unless another file may give it, at least one.
  private func exclusive(_ table: FieldTable, isMerged: Bool) -> [Member] {
    guard table.exclusive.count > 1 else { return [] }
    let names = table.exclusive
    let pairs = names.indices.flatMap { first in
      names[(first + 1)...].map { second -> JSON in
        let given: JSON = ["not": Self.null]
        return [
          "required": [.string(names[first]), .string(second)],
          "properties": .object([(key: names[first], value: given), (key: second, value: given)]),
        ]
      }
    }
    var members: [Member] = [
      ("not", ["anyOf": .array(pairs)]),
      ("errorMessage", .string("Only one of \(wordList(names)) can be given.")),
    ]
    if !isMerged { members.append(("anyOf", .array(names.map { ["required": [.string($0)]] }))) }
    return members
  }

  /// One step of `part`: a bare name, or a name with its fields. Where blocks can stand, so can any other name.
  func step(_ part: VocabularyPart, isMerged: Bool) -> JSON {
    define(definitionName(part, isMerged: isMerged)) {
      let kinds = vocabulary.kinds[part] ?? []
      let takesBlocks = part == .layer
      let bare = kinds.filter { isMerged || !$0.table.needsValue }
      var forms: [JSON] = []
      if !bare.isEmpty {
        forms.append([
          "type": "string", "enum": .array(bare.map { .string($0.name) }),
          "enumDescriptions": .array(bare.map { .string($0.summary) }),
        ])
      }
      var object: [Member] = [
        ("type", "object"),
        (
          "properties",
          .object(kinds.map { (key: $0.name, value: definition(of: $0, part, isMerged: isMerged)) })
        ),
      ]
      if takesBlocks {
        let full = kinds.filter(\.table.needsValue).map { JSON.string($0.name) }
        forms.append([
          "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "not": ["enum": .array(full)],
          "description": "The name of a block.",
        ])
        object.append(("additionalProperties", ["description": "A block, with the values of its parameters."]))
      } else {
        object += [("patternProperties", ["\\$\\{": [:]]), ("additionalProperties", false)]
      }
      object += [("minProperties", 1), ("maxProperties", 1)]
      return [("anyOf", .array(forms + [.object(object), Self.template]))]
    }
  }

  /// A mapping of which `tag` names the kind, or the bare name of one.
  func variant(tag: String, _ part: VocabularyPart, isMerged: Bool) -> [JSON] {
    let kinds = vocabulary.kinds[part] ?? []
    let name: [Member] = [
      ("enum", .array(kinds.map { .string($0.name) })), ("enumDescriptions", .array(kinds.map { .string($0.summary) })),
    ]
    var result: [JSON] = kinds.map { kind in
      let tagged: JSON = .object([("const", .string(kind.name))] + documentation(of: kind))
      let fields = object(kind.table, isMerged: isMerged, tag: (key: tag, value: tagged))
      return .object(documentation(of: kind) + fields)
    }
    result.append([
      "type": "object", "properties": .object([(key: tag, value: Self.template)]), "required": [.string(tag)],
    ])
    return result + [.object(name), Self.template]
  }

  private func definition(of kind: Kind, _ part: VocabularyPart, isMerged: Bool) -> JSON {
    define("\(definitionName(part, isMerged: isMerged)).\(kind.name)") {
      documentation(of: kind) + oneOf(group(kind.writtenTable(in: part), isMerged: isMerged))
    }
  }

  private func definitionName(_ part: VocabularyPart, isMerged: Bool) -> String {
    (isMerged ? "merged." : "") + part.area
  }

  /// What editors show of a kind: its summary, formula and example.
  private func documentation(of kind: Kind) -> [Member] {
    var markdown = kind.summary
    if !kind.formula.isEmpty { markdown += "\n\n```text\n\(kind.formula)\n```" }
    if !kind.example.isEmpty { markdown += "\n\n```yaml\n\(kind.example)\n```" }
    return [("description", .string(kind.summary)), ("markdownDescription", .string(markdown))]
  }
}

extension FieldTable {
  /// The fields that have no default.
  var requiredNames: [String] {
    fields.compactMap { field in
      if case .required = field.default { field.name } else { nil }
    }
  }

  /// Whether something must be written: a field without a default, or one of the exclusive ones.
  var needsValue: Bool { !requiredNames.isEmpty || !exclusive.isEmpty }
}
