import Diagnostics
import Syntax

extension SpecBuilder {
  /// The corpus that `values`, of `corpusTable` and asked for by `CorpusChecks`, describe; nil where that reported what is missing.
  func corpus(_ values: FieldValues) -> CorpusSpec? {
    guard let name = values.optionalString("name"), let classes = classes(values["classes"]) else { return nil }
    if values.has("join"), !values.list("join").isEmpty { return joined(values, name: name, classes: classes) }
    guard let label = located("label", of: values) else { return nil }
    let sources = ["speaker", "sentence", "gender", "intensity"].map { attribute(values[$0]) }
    return CorpusSpec(
      name: name, title: values.string("title"), obtain: values.string("obtain"),
      licence: values.string("licence"), root: values["root"], pattern: located("pattern", of: values),
      table: values.optionalGroup("table").map(table), extensions: extensions(values), labelField: label,
      labels: labels(values, classes: classes), speaker: sources[0], sentence: sources[1],
      gender: sources[2], intensity: sources[3], classes: classes, synthesizer: values.optionalGroup("synthesize"),
      span: values.span)
  }

  private func joined(
    _ values: FieldValues, name: String, classes: [(code: Located<String>, name: String)]
  ) -> CorpusSpec? {
    let items = values.list("join")
    let parts = items.compactMap { item -> CorpusSpec? in
      guard case .group(let part) = item.content else { return nil }
      return corpus(part)
    }
    guard parts.count == items.count else { return nil }
    let joint = classes.map { (code: Located($0.name, at: $0.code.span), name: $0.name) }
    let labels = labels(values, classes: joint)
    let known = parts.flatMap { $0.classes.map(\.name) }
    for (code, _) in labels where !known.contains(code.value) {
      unknownClass(code, in: known, "no joined corpus has a class '\(code.value)'")
    }
    let renamed = Set(labels.map(\.code.value))
    let reached = Set(known.filter { !renamed.contains($0) } + labels.compactMap(\.target))
    for entry in joint where !reached.contains(entry.name) {
      unknownClass(
        entry.code, in: known.filter { !renamed.contains($0) }, "no joined corpus has a class '\(entry.name)'")
    }
    return CorpusSpec(
      name: name, title: values.string("title"), obtain: values.string("obtain"), licence: values.string("licence"),
      root: values["root"], pattern: nil, extensions: extensions(values),
      labelField: Located("label", at: values.span), labels: labels,
      speaker: parts.allSatisfy { $0.speaker != nil }
        ? AttributeSource(field: Located("speaker", at: values.span)) : nil, classes: joint,
      synthesizer: nil, parts: parts, span: values.span)
  }

  private func extensions(_ values: FieldValues) -> [String] {
    values.strings("extensions").map { ($0.hasPrefix(".") ? String($0.dropFirst()) : $0).lowercased() }
  }

  private func located(_ name: String, of values: FieldValues) -> Located<String>? {
    values.optionalString(name).map { Located($0, at: values[name].span) }
  }

  private func table(_ values: FieldValues) -> CorpusTableSource {
    let file = values.string("file")
    let separators: [String: Character] = ["comma": ",", "semicolon": ";", "tab": "\t"]
    let isTSV = file.lowercased().hasSuffix(".tsv")
    let separator = values.optionalString("separator").flatMap { separators[$0] } ?? (isTSV ? "\t" : ",")
    let span = values["path"].origin
    let place = if case .written(let written) = span { written } else { values.span }
    return CorpusTableSource(
      file: Located(file, at: values["file"].span), path: Located(values.string("path"), at: place),
      separator: separator)
  }

  private func attribute(_ value: FieldValue) -> AttributeSource? {
    switch value.content {
    case .string(let field):
      return AttributeSource(field: Located(field, at: value.span))
    case .group(let values):
      let field = located("field", of: values)
      let constant = values.optionalString("value")
      if (field == nil) == (constant == nil) {
        findings.add(
          Diagnostic(
            field == nil ? "key.missing" : "key.exclusive",
            field == nil ? "nothing says what to take it from" : "it has both 'field' and 'value'",
            detail: "Give the field that tells it, or the value that all clips have.", at: value.span))
      }
      let map = values.dictionary("map").compactMap { entry -> (String, String)? in
        if case .string(let meaning) = entry.value.content { (entry.key.value, meaning) } else { nil }
      }
      return AttributeSource(
        field: field, constant: constant, map: Dictionary(map, uniquingKeysWith: { first, _ in first }),
        odd: values.optionalString("odd"), even: values.optionalString("even"), other: values.optionalString("other"))
    default:
      return nil
    }
  }

  /// `labels` with the codes of the classes that are meant; a class may be called by its name, too.
  private func labels(
    _ values: FieldValues, classes: [(code: Located<String>, name: String)]
  ) -> [(code: Located<String>, target: String?)] {
    values.dictionary("labels").compactMap { entry in
      guard case .string(let target) = entry.value.content else { return (entry.key, nil) }
      if let found = classes.first(where: { $0.code.value == target }) ?? classes.first(where: { $0.name == target }) {
        return (entry.key, found.code.value)
      }
      unknownClass(
        Located(target, at: entry.value.span), in: classes.map(\.code.value) + classes.map(\.name),
        "'\(entry.key.value)' is to mean '\(target)', which is no class of the corpus")
      return nil
    }
  }

  private func unknownClass(_ name: Located<String>, in known: [String], _ summary: String) {
    var seen: Set<String> = []
    let names = known.filter { seen.insert($0).inserted }
    findings.add(
      Diagnostic(
        "corpus.class_unknown", summary, detail: "The classes are \(wordList(names)).", at: name.span,
        suggestion: nearest(name.value, in: names)))
  }

  /// Codes with names, from a list of codes, a mapping from codes to names, or their number.
  private func classes(_ value: FieldValue) -> [(code: Located<String>, name: String)]? {
    var classes: [(code: Located<String>, name: String)] = []
    switch value.content {
    case .list(let items):
      for item in items {
        guard case .string(let code) = item.content else { return nil }
        classes.append((Located(code, at: item.span), code))
      }
    case .dictionary(let entries):
      for entry in entries {
        guard case .string(let name) = entry.value.content else { return nil }
        classes.append((entry.key, name))
      }
    case .integer(let count):
      classes = (0..<count).map { (Located("\($0)", at: value.span), "\($0)") }
    default:
      return nil
    }
    if classes.count < 2 {
      findings.add(Diagnostic("value.length", "a corpus needs at least 2 classes", at: value.span))
    }
    var places: [String: SourceSpan] = [:]
    for (code, name) in classes {
      if let first = places[name] {
        findings.add(
          Diagnostic(
            "class.duplicate", "there are two classes '\(name)'", detail: "Results are told apart by these names.",
            at: code.span, notes: [DiagnosticNote("the first one", at: first)]))
      }
      places[name] = code.span
    }
    return classes
  }
}
