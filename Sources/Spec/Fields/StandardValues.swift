import Diagnostics

/// The text that spans of defaults point into: nobody wrote them.
public let standardSource = SourceFile(name: "default", text: "")

extension SourceSpan {
  /// The place of values that nobody wrote.
  public static let standard = SourceSpan(
    file: standardSource, start: SourcePosition(line: 1, column: 1), end: SourcePosition(line: 1, column: 1))
}

extension FieldValue {
  /// A default.
  public init(standard content: Content) {
    self.init(content, origin: .standard)
  }

  /// Where the value was written; the place of defaults where nobody wrote it.
  public var span: SourceSpan {
    switch origin {
    case .standard: .standard
    case .written(let span): span
    }
  }
}

extension FieldValues {
  /// The fields of `table` when nothing at all is written. Those without a default are left out.
  public static func standard(_ table: FieldTable) -> FieldValues {
    FieldValues(
      table.fields.compactMap { field in
        guard case .value(let content) = field.default else { return nil }
        return (field.name, FieldValue(standard: content))
      }, at: .standard)
  }
}

extension FieldValue.Content {
  /// The group that results when nothing at all is written, for the default of a field that is a group: a table that
  /// has a field without a default cannot be defaulted as a whole.
  public static func standard(_ table: FieldTable) -> FieldValue.Content { .group(.standard(table)) }
}
