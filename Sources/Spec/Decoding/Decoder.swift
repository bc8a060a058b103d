import Diagnostics
import Syntax

/// What a message is about.
struct Subject {
  /// In full, for a message about a value: "`kernel_size` of `conv1d`".
  let text: String
  /// In short, for messages about its parts: "`conv1d`".
  let short: String
  /// The key or name that stands for it, where a missing part is reported.
  let anchor: SourceSpan?
  /// What it is for, if that helps.
  let doc: String

  init(_ text: String, anchor: SourceSpan? = nil, doc: String = "") {
    self.text = text
    short = text
    self.anchor = anchor
    self.doc = doc
  }

  /// The part `key` of `whole`.
  init(_ key: Located<String>, of whole: Subject, doc: String = "") {
    short = "'\(key.value)'"
    text = whole.isSpec ? short : "\(short) of \(whole.short)"
    anchor = key.span
    self.doc = doc
  }

  /// The whole file; its keys are called by their names alone.
  static func spec(anchor: SourceSpan) -> Subject { Subject("the spec", anchor: anchor) }

  private var isSpec: Bool { short == "the spec" }
}

/// Reads expanded trees by field tables. Everything that is wrong is reported in one go: a part that cannot be
/// decoded gives nil, and decoding goes on with the next.
final class Decoder {
  let vocabulary: Vocabulary
  let findings: Findings
  let record: ExpansionRecord
  /// Names that can stand where a layer does, for suggestions.
  let blockNames: [String]
  /// Above 0 while alternatives are tried: nothing is reported then.
  private var muted = 0

  init(
    vocabulary: Vocabulary, findings: Findings, record: ExpansionRecord = ExpansionRecord(), blockNames: [String] = []
  ) {
    self.vocabulary = vocabulary
    self.findings = findings
    self.record = record
    self.blockNames = blockNames
  }

  func report(_ diagnostic: Diagnostic) {
    if muted == 0 { findings.add(diagnostic) }
  }

  /// Reports what is wrong with a value, with its key where that stands elsewhere, as it does for values of parameters.
  func report(
    _ id: String, _ summary: String, _ subject: Subject, at node: Node, help: String? = nil, suggestion: String? = nil
  ) {
    var notes: [DiagnosticNote] = []
    if let anchor = subject.anchor, node.scalar != nil, isApart(node.span, from: anchor) {
      notes.append(DiagnosticNote("for this key", at: anchor))
    }
    let detail = [help, subject.doc.isEmpty ? nil : subject.doc].compactMap { $0 }.joined(separator: " ")
    report(
      Diagnostic(
        id, summary, detail: detail.isEmpty ? nil : detail, at: node.span, notes: notes, suggestion: suggestion))
  }

  private func isApart(_ value: SourceSpan, from key: SourceSpan) -> Bool {
    value.file !== key.file || value.start.line < key.start.line || value.start.line > key.start.line + 1
  }

  /// The value of `body` without reporting anything.
  func silently<Value>(_ body: () -> Value) -> Value {
    muted += 1
    defer { muted -= 1 }
    return body()
  }

  func wrongType(_ node: Node, _ type: FieldType, _ subject: Subject, hint: String? = nil) {
    report(
      "value.type", "\(subject.text) must be \(type.described), but is \(node.described)", subject, at: node, help: hint
    )
  }

  /// `node` as a value of `type`.
  func value(_ node: Node, as type: FieldType, _ subject: Subject, at path: String) -> FieldValue? {
    if record.failed.contains(path) { return nil }
    guard let content = content(node, as: type, subject, at: path) else { return nil }
    return FieldValue(content, origin: .written(node.span), replacing: node.replaced)
  }

  private func content(
    _ node: Node, as type: FieldType, _ subject: Subject, at path: String
  ) -> FieldValue.Content? {
    switch type {
    case .integer, .number, .boolean, .string, .choice, .environmentText, .formula, .value:
      return scalar(node, as: type, subject)
    case .sizes(let min, let max):
      return sizes(node, .integer(min: min, max: max), subject, at: path)
    case .list(let item, let min, let max):
      guard let items = node.items else {
        wrongType(node, type, subject, hint: "Write the items in brackets, '[a, b]', or one a line after '- '.")
        return nil
      }
      return list(node, items, of: item, min: min, max: max, subject, at: path)
    case .either(let types):
      return either(node, types, type, subject, at: path)
    case .optional(let inner):
      return node.isNull ? FieldValue.Content.none : content(node, as: inner, subject, at: path)
    case .step(let part):
      return step(node, of: part, label: nil, subject, at: path).map(FieldValue.Content.step)
    case .steps(let part):
      return steps(node, of: part, subject, at: path)
    case .group(let table):
      return group(node, table, subject, at: path).map(FieldValue.Content.group)
    case .variant(let tag, let part):
      return variant(node, tag: tag, of: part, subject, at: path).map(FieldValue.Content.step)
    case .dictionary(let item):
      return dictionary(node, of: item, subject, at: path)
    }
  }

  private func list(
    _ node: Node, _ items: [Node], of type: FieldType, min: Int?, max: Int?, _ subject: Subject, at path: String
  ) -> FieldValue.Content? {
    if let min, items.count < min {
      report(
        "value.length", "\(subject.text) needs at least \(min) \(min == 1 ? "item" : "items"), but has \(items.count)",
        subject, at: node)
      return nil
    }
    if let max, items.count > max {
      report(
        "value.length", "\(subject.text) takes at most \(max) \(max == 1 ? "item" : "items"), but has \(items.count)",
        subject, at: node)
      return nil
    }
    let values = items.enumerated().compactMap { index, item in
      value(item, as: type, Subject("an item of \(subject.short)", doc: subject.doc), at: below(path, String(index)))
    }
    return values.count == items.count ? .list(values) : nil
  }

  private func sizes(
    _ node: Node, _ type: FieldType, _ subject: Subject, at path: String
  ) -> FieldValue.Content? {
    if let items = node.items { return list(node, items, of: type, min: 1, max: 3, subject, at: path) }
    return scalar(node, as: type, subject).map {
      .list([FieldValue($0, origin: .written(node.span), replacing: node.replaced)])
    }
  }

  private func either(
    _ node: Node, _ types: [FieldType], _ type: FieldType, _ subject: Subject, at path: String
  ) -> FieldValue.Content? {
    for alternative in types {
      if let found = silently({ content(node, as: alternative, subject, at: path) }) { return found }
    }
    // Where only one alternative is written with such brackets, its own messages say more.
    let fitting = types.filter { node.entries != nil ? $0.holdsKeys : node.items != nil ? $0.holdsItems : false }
    if fitting.count == 1, let only = fitting.first {
      return content(node, as: only, subject, at: path)
    }
    wrongType(node, type, subject)
    return nil
  }

  private func dictionary(
    _ node: Node, of type: FieldType, _ subject: Subject, at path: String
  ) -> FieldValue.Content? {
    guard let entries = node.entries else {
      if node.isNull { return .dictionary([]) }
      report(
        "value.type", "\(subject.text) must be a mapping from names, but is \(node.described)", subject, at: node,
        help: "Write one 'name: ...' a line.")
      return nil
    }
    var result: [(key: Located<String>, value: FieldValue)] = []
    for entry in entries {
      let item = Subject(entry.key, of: subject)
      if let value = value(entry.value, as: type, item, at: below(path, entry.key.value)) {
        result.append((entry.key, value))
      }
    }
    return result.count == entries.count ? .dictionary(result) : nil
  }
}
