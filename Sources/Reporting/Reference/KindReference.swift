import Diagnostics
import Spec

/// What `serspec layers` shows: every kind that a spec can name, from the tables that decode it.
public struct KindReference: Sendable {
  /// A kind and the part of the vocabulary that it belongs to.
  public struct Entry: Sendable {
    public let part: VocabularyPart
    public let kind: Kind
  }

  /// Layers first, then the other parts in their order.
  public let entries: [Entry]

  public init(_ vocabulary: Vocabulary) {
    entries = VocabularyPart.allCases.flatMap { part in
      (vocabulary.kinds[part] ?? []).map { Entry(part: part, kind: $0) }
    }
  }

  /// The names of all kinds.
  public var names: [String] { entries.map(\.kind.name) }

  /// The kinds called `name`: a layer first, if there is one, for a name can also be another part's.
  public func kinds(named name: String) -> [Entry] {
    entries.filter { $0.kind.name == name }
  }

  /// One table a part: names with what they do.
  public var overview: String {
    VocabularyPart.allCases.compactMap { part in
      let rows = entries.filter { $0.part == part }.map { [$0.kind.name, $0.kind.summary] }
      if rows.isEmpty { return nil }
      let plural = part.plural
      let title = plural.prefix(1).uppercased() + plural.dropFirst()
      return TextTable([TextTable.Column(title), TextTable.Column("")], rows: rows).text()
    }.joined(separator: "\n").trimmingSuffix("\n")
  }

  /// All of one kind: summary, formula, fields and an example.
  public func page(of entry: Entry) -> String {
    let kind = entry.kind
    var sections = ["\(kind.name) (\(entry.part.rawValue))\n\(kind.summary)"]
    if !kind.formula.isEmpty { sections.append(indented(kind.formula)) }
    if !kind.table.fields.isEmpty { sections.append(fields(of: kind.table)) }
    if !kind.example.isEmpty { sections.append("Example\n\(indented(kind.example))") }
    return sections.joined(separator: "\n\n")
  }

  private func fields(of table: FieldTable) -> String {
    let rows = table.fields.map { field in
      [field.name, field.standardText ?? "required", field.type.described, field.doc]
    }
    let columns = ["Field", "Default", "Value", "What it does"].map { TextTable.Column($0) }
    var text = TextTable(columns, rows: rows).text()
    if let primary = table.primary { text += "\nA bare value is the field '\(primary)'." }
    if !table.exclusive.isEmpty {
      text += "\nExactly one of these is given: \(table.exclusive.joined(separator: ", "))."
    }
    return text.trimmingSuffix("\n")
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
  }
}

extension KindReference {
  /// `{"kinds": [{"name", "part", "summary", "formula", "example", "primary", "fields": [...]}]}` with all kinds.
  public var json: JSON { json(of: entries) }

  /// The same with some of them. A field has `name`, `type` (in words), `required`, `default` and `doc`.
  public func json(of entries: [Entry]) -> JSON {
    ["kinds": .array(entries.map(document))]
  }

  private func document(of entry: Entry) -> JSON {
    let kind = entry.kind
    let fields = kind.table.fields.map { field -> JSON in
      var members: [(key: String, value: JSON)] = [
        ("name", .string(field.name)), ("type", .string(field.type.described)),
      ]
      switch field.default {
      case .required: members.append(("required", true))
      case .value(let content):
        members += [("required", false), ("default", standardValue(content, field.type))]
      }
      return .object(members + [("doc", .string(field.doc))])
    }
    return [
      "name": .string(kind.name), "part": .string(entry.part.rawValue), "summary": .string(kind.summary),
      "formula": .string(kind.formula), "example": .string(kind.example), "primary": .optional(kind.table.primary),
      "fields": .array(fields),
    ]
  }
}

extension Field {
  /// The default as a spec would say it; nil for a field that must be given.
  fileprivate var standardText: String? {
    guard case .value(let content) = `default` else { return nil }
    switch standardValue(content, type) {
    case .null: return "~"
    case .string(let text): return text.isEmpty ? "''" : text
    case let value: return value.text(.line)
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var result = self
    while result.last == character { result.removeLast() }
    return result
  }
}
