import Diagnostics
import Spec

/// `column`: the corpus itself says which set a clip belongs to.
struct ColumnPolicy: SplitPolicy {
  private static let wordsType = FieldType.either([.string, .list(.string, min: 1)])
  static let kind = Kind(
    "column",
    summary:
      "Takes the sets from a column of the corpus's table or a field of its pattern, as official partitions are given.",
    formula: "A clip whose value is none of those named is an error, so that a misspelt one cannot shrink the corpus.",
    example: "split: {policy: column, column: split, train: train, val: [dev, validation], test: test}",
    table: FieldTable([
      Field("column", .string, default: .value(.string("split")), doc: "The column or field that tells the set."),
      Field(
        "train", wordsType, default: .value(.string("train")), doc: "The value, or values, of clips that train."),
      Field(
        "val", wordsType, default: .value(.string("val")),
        doc: "The value, or values, of clips that choose the checkpoint."),
      Field(
        "test", wordsType, default: .value(.string("test")), doc: "The value, or values, of clips that are tested."),
      Field(
        "drop", .list(.string), default: .value(.list([])), doc: "Values of clips that are left out."),
      SplitFields.speakersShared,
    ]))

  private let column: Located<String>
  private let setOf: [String: String]
  private let span: SourceSpan

  init(_ step: Step) throws {
    column = Located(step.values.string("column"), at: step.values["column"].writtenSpan ?? step.span)
    span = step.span
    var setOf: [String: String] = [:]
    var problems: [Diagnostic] = []
    for set in ["train", "val", "test", "drop"] {
      for value in Self.words(step.values[set]) {
        if let other = setOf.updateValue(set, forKey: value) {
          problems.append(
            Diagnostic(
              "split.value_twice", .error, "'\(value)' stands for two sets, \(other) and \(set)",
              detail: "A clip belongs to one set.", at: step.values[set].writtenSpan ?? step.span))
        }
      }
    }
    self.setOf = setOf
    if !problems.isEmpty { throw DiagnosticFailure(problems) }
  }

  private static func words(_ value: FieldValue) -> [String] {
    switch value.content {
    case .string(let word): [word]
    case .list(let items):
      items.compactMap { item in if case .string(let word) = item.content { word } else { nil } }
    default: []
    }
  }

  func check(_ corpus: CorpusSpec) -> [Diagnostic] { checkAttribute(column, in: corpus) }

  func split(_ clips: [ClipReference]) throws -> Split {
    if let unknown = unknownAttribute(column, clips) { throw DiagnosticFailure([unknown]) }
    var sets: [String: [Int]] = [:]
    var strange: [String: [String]] = [:]
    for (index, clip) in clips.enumerated() {
      let value = clip.attribute(column.value) ?? ""
      if let set = setOf[value] {
        sets[set, default: []].append(index)
      } else {
        strange[value, default: []].append(clip.relativePath)
      }
    }
    var problems = strange.sorted { $0.key < $1.key }.map { value, files in
      Diagnostic(
        "data.split_value", .error,
        "\(files.count) clips have '\(value)' in '\(column.value)', which stands for no set",
        detail:
          "The values named are \(setOf.keys.sorted().joined(separator: ", ")); list others under `drop` to leave "
          + "their clips out. For example: \(files[0]).", at: column.span,
        suggestion: nearest(value, in: setOf.keys.sorted()))
    }
    if problems.isEmpty { problems = emptySets(sets) { "No clip has a value of `\($0)` in '\(column.value)'." } }
    if !problems.isEmpty { throw DiagnosticFailure(problems) }
    return Split(train: sets["train"] ?? [], val: sets["val"] ?? [], test: sets["test"] ?? [])
  }

  private func emptySets(_ sets: [String: [Int]], _ detail: (String) -> String) -> [Diagnostic] {
    ["train", "val", "test"].filter { sets[$0] == nil }.map { emptySet($0, detail: detail($0), at: span) }
  }
}

/// The error for a set without clips.
func emptySet(_ name: String, detail: String, at span: SourceSpan) -> Diagnostic {
  Diagnostic("data.split_empty", .error, "the \(name) set has no clips", detail: detail, at: span)
}
