import Diagnostics
import Spec

extension FieldValue {
  /// Where the value was written; nil for a default.
  var span: SourceSpan? {
    if case .written(let span) = origin { return span }
    return nil
  }
}

extension FieldValues {
  /// The number in a field of type `.number`.
  func real(_ name: String) -> Double {
    switch self[name].content {
    case .number(let value): return value
    case .integer(let value): return Double(value)
    default: preconditionFailure("field '\(name)' is not a number")
    }
  }

  /// The number in a field of type `.integer`.
  func whole(_ name: String) -> Int {
    guard case .integer(let value) = self[name].content else {
      preconditionFailure("field '\(name)' is not an integer")
    }
    return value
  }

  /// The text in a field of type `.string`.
  func text(_ name: String) -> String {
    guard case .string(let value) = self[name].content else { preconditionFailure("field '\(name)' is not a string") }
    return value
  }
}
