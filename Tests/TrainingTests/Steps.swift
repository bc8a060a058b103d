import Diagnostics
import Spec

/// Steps as a spec would give them, made by hand.
enum Steps {
  static let file = SourceFile(name: "test.yaml", text: "schedule\n")

  /// A step of `kinds`, its defaults filled in. Traps on what the kind lacks.
  static func make(
    _ kind: String, of kinds: [Kind], line: Int = 1, _ given: KeyValuePairs<String, FieldValue.Content> = [:]
  ) -> Step {
    let position = SourcePosition(line: line, column: 1)
    let span = SourceSpan(file: file, start: position, end: position)
    guard let found = kinds.first(where: { $0.name == kind }) else { preconditionFailure("no kind '\(kind)'") }
    let values = found.table.fields.map { field in
      if let value = given.first(where: { $0.key == field.name })?.value {
        return (name: field.name, value: FieldValue(value, origin: .written(span)))
      }
      guard case .value(let standard) = field.default else { preconditionFailure("'\(field.name)' is required") }
      return (name: field.name, value: FieldValue(standard, origin: .standard))
    }
    return Step(kind: Located(kind, at: span), values: FieldValues(values, at: span), label: kind, at: span)
  }
}
