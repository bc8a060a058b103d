/// Findings as one JSON document, the form of `validate --format json`:
/// `{"diagnostics": [{"id", "severity", "summary", "detail", "file", "line", "column", "end_line", "end_column",
/// "suggestion", "notes"}], "errors": n, "warnings": n}`.
///
/// Every key is always there, null where a finding has no such thing. Lines and columns count from 1; the end is the
/// first place behind. Notes have `message` and the same keys of place.
public struct JSONRenderer: Sendable {
  public init() {}

  /// The document, keys sorted and indented, without a line break at the end.
  public func render(_ all: [Diagnostic]) -> String {
    JSONValue.object([
      "diagnostics": .array(all.map(value)),
      "errors": .integer(all.errorCount),
      "warnings": .integer(all.warningCount),
    ]).text()
  }

  private func value(_ diagnostic: Diagnostic) -> JSONValue {
    let members: [String: JSONValue] = [
      "id": .string(diagnostic.id),
      "severity": .string(diagnostic.severity.rawValue),
      "summary": .string(diagnostic.summary),
      "detail": .optional(diagnostic.detail),
      "suggestion": .optional(diagnostic.suggestion),
      "notes": .array(
        diagnostic.notes.map { note in
          .object(place(note.span).merging(["message": .string(note.message)]) { $1 })
        }),
    ]
    return .object(members.merging(place(diagnostic.span)) { $1 })
  }

  private func place(_ span: SourceSpan?) -> [String: JSONValue] {
    [
      "file": .optional(span?.file.name),
      "line": .optional(span?.start.line),
      "column": .optional(span?.start.column),
      "end_line": .optional(span?.end.line),
      "end_column": .optional(span?.end.column),
    ]
  }
}
