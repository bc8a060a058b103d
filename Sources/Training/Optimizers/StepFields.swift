import Spec

extension FieldValues {
  /// The number in a field of type `.number`, also where it was written without a fraction.
  func real(_ name: String) -> Double {
    switch self[name].content {
    case .number(let value): return value
    case .integer(let value): return Double(value)
    default: preconditionFailure("the field '\(name)' is not a number")
    }
  }
}
