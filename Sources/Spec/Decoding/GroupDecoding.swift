import Diagnostics
import Syntax

extension Decoder {
  /// `node` as a mapping with the fields of `table`; a bare value is its primary field.
  func group(_ node: Node, _ table: FieldTable, _ subject: Subject, at path: String) -> FieldValues? {
    if record.failed.contains(path) { return nil }
    let mapping = table.longForm(node)
    guard let entries = mapping.entries ?? (node.isNull ? [] : nil) else {
      report(
        "value.type",
        "\(subject.text) takes \(table.fields.isEmpty ? "no value" : "a mapping"), but is \(node.described)",
        subject, at: node,
        help: table.fields.isEmpty ? "Write just the name." : "Its keys are \(wordList(table.fields.map(\.name))).")
      return nil
    }
    return fields(entries, table, subject, of: node, at: path)
  }

  /// The fields of a mapping, defaults for those that are left out.
  private func fields(
    _ entries: [Entry], _ table: FieldTable, _ subject: Subject, of node: Node, at path: String
  ) -> FieldValues? {
    let meant = checkKeys(entries, of: table, subject)
    var isComplete = meant.isEmpty && entries.allSatisfy { table.field($0.key.value) != nil }
    var values: [(name: String, value: FieldValue)] = []
    for field in table.fields {
      if let entry = entries.first(where: { $0.key.value == field.name }) {
        let inner = Subject(entry.key, of: subject, doc: field.doc)
        if let value = value(entry.value, as: field.type, inner, at: below(path, field.name)) {
          values.append((field.name, value))
        } else {
          isComplete = false
        }
      } else if case .value(let content) = field.default {
        values.append((field.name, FieldValue(standard: content)))
      } else {
        isComplete = false
        if !meant.contains(field.name), !record.failed.contains(path) { reportMissing(field, subject, of: node) }
      }
    }
    if !checkExclusive(entries, table, subject, of: node, meant: meant) { isComplete = false }
    for (field, formula) in table.learnable where !checkLearnable(values, field, of: formula) { isComplete = false }
    return isComplete ? FieldValues(values, at: node.span) : nil
  }

  /// Reports keys that `table` does not have; the result are the fields that most likely were meant.
  @discardableResult
  func checkKeys(_ entries: [Entry], of table: FieldTable, _ subject: Subject) -> Set<String> {
    let names = table.fields.map(\.name)
    let absent = names.filter { name in !entries.contains { $0.key.value == name } }
    var meant: Set<String> = []
    for entry in entries where table.field(entry.key.value) == nil {
      let suggestion = nearest(entry.key.value, in: absent) ?? nearest(entry.key.value, in: names)
      if let suggestion { meant.insert(suggestion) }
      report(
        Diagnostic(
          "key.unknown", "\(subject.short) has no key '\(entry.key.value)'",
          detail: names.isEmpty ? "It takes no keys." : "Its keys are \(wordList(names)).", at: entry.key.span,
          suggestion: suggestion))
    }
    return meant
  }

  private func reportMissing(_ field: Field, _ subject: Subject, of node: Node) {
    report(
      Diagnostic(
        "key.missing", "\(subject.short) has no '\(field.name)'",
        detail: "Add '\(field.name):' with \(field.type.described). \(field.doc)", at: subject.anchor ?? node.span))
  }

  /// Exactly one of the table's exclusive fields must be given.
  private func checkExclusive(
    _ entries: [Entry], _ table: FieldTable, _ subject: Subject, of node: Node, meant: Set<String>
  ) -> Bool {
    guard !table.exclusive.isEmpty else { return true }
    let given = entries.filter { table.exclusive.contains($0.key.value) && !$0.value.isNull }
    guard let first = given.first else {
      if meant.isDisjoint(with: table.exclusive) {
        report(
          Diagnostic(
            "key.missing", "\(subject.short) needs one of \(wordList(table.exclusive, "or"))",
            at: subject.anchor ?? node.span))
      }
      return false
    }
    guard given.count > 1 else { return true }
    report(
      Diagnostic(
        "key.exclusive", "\(subject.short) has both '\(first.key.value)' and '\(given[1].key.value)'",
        detail: "Only one of \(wordList(table.exclusive)) can be given.", at: given[1].key.span,
        notes: [DiagnosticNote("the first one", at: first.key.span)]))
    return false
  }
}
