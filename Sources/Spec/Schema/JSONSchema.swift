import Diagnostics

/// JSON Schema (draft-07) of a spec file, made from `specTable` and the kinds of `vocabulary`, for editors: they complete
/// layers and fields, show what each does and mark most mistakes. What the schema accepts is a little more than the
/// language does, never less: `${...}` may stand wherever a value does, any name may be a block's, and since a spec can
/// extend others, only `serspec` is required, and not even that of a spec that does.
public func specSchema(_ vocabulary: Vocabulary) -> JSON {
  let writer = SchemaWriter(vocabulary)
  return writer.document(
    title: "serspec: an experiment spec", specTable(vocabulary), isMerged: true,
    also: [("if", ["required": ["extends"]]), ("else", ["required": ["serspec"]])])
}

/// JSON Schema (draft-07) of a corpus file, made from `corpusTable`.
public func corpusSchema() -> JSON {
  let writer = SchemaWriter(Vocabulary([:]))
  return writer.document(
    title: "serspec: a corpus", corpusTable, isMerged: false,
    also: [
      ("if", ["required": ["join"]]),
      (
        "else",
        ["required": ["name", "label", "classes"], "anyOf": [["required": ["pattern"]], ["required": ["table"]]]]
      ),
    ])
}

/// Turns field types into schemas. Kinds become definitions, so that layers within layers come to an end.
final class SchemaWriter {
  typealias Member = (key: String, value: JSON)

  let vocabulary: Vocabulary
  /// Finished definitions by name; nil while one is being written, which may then refer to itself.
  var definitions: [String: JSON?] = [:]

  init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
  }

  /// A whole schema.
  ///
  /// - Parameters:
  ///   - isMerged: whether the file may be merged over others, which then have what it leaves out.
  ///   - also: further keywords.
  func document(title: String, _ table: FieldTable, isMerged: Bool, also: [Member] = []) -> JSON {
    define("template") {
      [
        ("type", "string"), ("pattern", "\\$\\{"),
        ("description", "An expression: ${...} with numbers, names, arithmetic and comparison."),
      ]
    }
    var members: [Member] = [("$schema", "http://json-schema.org/draft-07/schema#"), ("title", .string(title))]
    members += object(table, isMerged: isMerged) + also
    let sorted = definitions.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value ?? [:]) }
    members.append(("definitions", .object(sorted)))
    return .object(members)
  }

  /// Writes a definition unless there is one, and refers to it.
  @discardableResult
  func define(_ name: String, _ body: () -> [Member]) -> JSON {
    if definitions[name] == nil {
      definitions.updateValue(.some(nil), forKey: name)
      definitions.updateValue(.object(body()), forKey: name)
    }
    return ["$ref": .string("#/definitions/\(name)")]
  }

  static let template: JSON = ["$ref": "#/definitions/template"]
  static let null: JSON = ["type": "null"]
  /// What a text may be written as: a plain `3` is one too.
  static let text: JSON = ["type": ["string", "number", "boolean"]]

  /// A field with what editors show of it.
  func property(_ field: Field, isMerged: Bool) -> JSON {
    var members: [Member] = [("description", .string(field.doc))]
    var note = "*\(field.type.described)*"
    if case .value(let content) = field.default {
      let standard = standardValue(content, field.type)
      note += ", default `\(standard.text(.line))`"
      members.append(("markdownDescription", .string("\(field.doc)\n\n\(note)")))
      members.append(("default", standard))
    } else {
      members.append(("markdownDescription", .string("\(field.doc)\n\n\(note)")))
    }
    return .object(members + oneOf(alternatives(field.type, isMerged: isMerged)))
  }

  /// A schema that accepts what one of `alternatives` does. Beside a `$ref` draft-07 ignores other keys, hence `anyOf`
  /// also around a single one.
  func oneOf(_ alternatives: [JSON]) -> [Member] {
    var unique: [JSON] = []
    for alternative in alternatives where !unique.contains(alternative) { unique.append(alternative) }
    if unique.count == 1, let only = unique[0].asObject, only.first?.key != "$ref" { return only }
    return [("anyOf", .array(unique))]
  }

  /// Every form that a value of `type` can be written in.
  func alternatives(_ type: FieldType, isMerged: Bool) -> [JSON] {
    switch type {
    case .integer(let min, let max):
      return [.object(integer(min, max)), Self.template]
    case .number(let min, let max, let exclusiveMin):
      var members: [Member] = [("type", "number")]
      if let min { members.append((exclusiveMin ? "exclusiveMinimum" : "minimum", number(min))) }
      if let max { members.append(("maximum", number(max))) }
      return [.object(members), Self.template]
    case .boolean:
      return [["type": "boolean"], Self.template]
    case .string, .environmentText, .formula:
      return [Self.text]
    case .choice(let words):
      return [["enum": .array(words.map(JSON.string))], Self.template]
    case .list(let item, let min, let max):
      return [.object(array(of: schema(item), min, max)), Self.template]
    case .sizes(let min, let max):
      let size: FieldType = .integer(min: min, max: max)
      return [.object(integer(min, max)), .object(array(of: schema(size), 1, 3)), Self.template]
    case .either(let types):
      return types.flatMap { alternatives($0, isMerged: isMerged) }
    case .optional(let inner):
      return alternatives(inner, isMerged: isMerged) + [Self.null]
    case .step(let part):
      return [step(part, isMerged: isMerged)]
    case .steps(let part):
      return [.object(array(of: step(part, isMerged: false), nil, nil)), Self.null, Self.template]
    case .group(let table):
      return group(table, isMerged: isMerged)
    case .variant(let tag, let part):
      return variant(tag: tag, part, isMerged: isMerged)
    case .dictionary(let item):
      return [["type": "object", "additionalProperties": schema(item, isMerged: isMerged)], Self.null]
    case .value:
      return [["type": ["string", "number", "boolean", "array", "object", "null"]]]
    }
  }

  /// A schema for `type`. The items of lists are never merged with others: lists replace.
  private func schema(_ type: FieldType, isMerged: Bool = false) -> JSON {
    .object(oneOf(alternatives(type, isMerged: isMerged)))
  }

  private func integer(_ min: Int?, _ max: Int?) -> [Member] {
    var members: [Member] = [("type", "integer")]
    if let min { members.append(("minimum", .integer(min))) }
    if let max { members.append(("maximum", .integer(max))) }
    return members
  }

  private func array(of item: JSON, _ min: Int?, _ max: Int?) -> [Member] {
    var members: [Member] = [("type", "array"), ("items", item)]
    if let min { members.append(("minItems", .integer(min))) }
    if let max { members.append(("maxItems", .integer(max))) }
    return members
  }

  private func number(_ value: Double) -> JSON { Int(exactly: value).map(JSON.integer) ?? .number(value) }
}
