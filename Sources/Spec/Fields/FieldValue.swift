import Diagnostics

/// Where a value came from.
public enum Origin: Sendable {
  /// The field's default: nobody wrote it.
  case standard
  /// Written at this place: the spec, a file it extends, a corpus file or `--set` (told apart by the file's name).
  case written(SourceSpan)
}

/// A decoded, checked value with its origin.
public struct FieldValue: Sendable {
  public indirect enum Content: Sendable {
    case none
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case string(String)
    case list([FieldValue])
    case step(Step)
    case steps([Step])
    case group(FieldValues)
    case dictionary([(key: Located<String>, value: FieldValue)])
  }

  public let content: Content
  public let origin: Origin
  /// Earlier places that said something else, nearest first.
  public let replaced: [SourceSpan]

  public init(_ content: Content, origin: Origin, replacing replaced: [SourceSpan] = []) {
    self.content = content
    self.origin = origin
    self.replaced = replaced
  }
}

/// The decoded fields of one mapping: complete (defaults filled in) and of the types of its table, so that
/// reading them cannot fail. The accessors trap on a field that the table lacks: a mistake in our code, never in a spec.
public struct FieldValues: Sendable {
  /// In the order of the table.
  public let values: [(name: String, value: FieldValue)]
  /// The mapping, or the scalar that stood for it.
  public let span: SourceSpan

  public init(_ values: [(name: String, value: FieldValue)], at span: SourceSpan) {
    self.values = values
    self.span = span
  }

  public subscript(_ name: String) -> FieldValue {
    guard let found = values.first(where: { $0.name == name }) else {
      preconditionFailure("the field table has no field '\(name)'")
    }
    return found.value
  }
}
