import Diagnostics
import Syntax

/// Typed reading. Each accessor traps where the table's type is another one: a mistake in our code, never in a spec.
extension FieldValues {
  /// The value of a field of type `.integer`.
  public func integer(_ name: String) -> Int {
    guard let value = optionalInteger(name) else { mismatch(name, "a whole number") }
    return value
  }

  /// The value of a field of type `.optional(.integer)`; nil for `~`.
  public func optionalInteger(_ name: String) -> Int? {
    switch self[name].content {
    case .integer(let value): value
    case .none: nil
    default: mismatch(name, "a whole number or ~")
    }
  }

  /// The value of a field of type `.number`; a whole number is one too.
  public func number(_ name: String) -> Double {
    guard let value = optionalNumber(name) else { mismatch(name, "a number") }
    return value
  }

  /// The value of a field of type `.optional(.number)`; nil for `~`.
  public func optionalNumber(_ name: String) -> Double? {
    switch self[name].content {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .none: nil
    default: mismatch(name, "a number or ~")
    }
  }

  /// The value of a field of type `.boolean`.
  public func boolean(_ name: String) -> Bool {
    guard case .boolean(let value) = self[name].content else { mismatch(name, "true or false") }
    return value
  }

  /// The value of a field of type `.string`, `.choice`, `.formula` or `.environmentText`.
  public func string(_ name: String) -> String {
    guard let value = optionalString(name) else { mismatch(name, "a text") }
    return value
  }

  /// The value of such a field that may be `~`, which gives nil.
  public func optionalString(_ name: String) -> String? {
    switch self[name].content {
    case .string(let value): value
    case .none: nil
    default: mismatch(name, "a text or ~")
    }
  }

  /// The value of a field of type `.formula`.
  public func formula(_ name: String) -> Formula {
    guard case .string(let text) = self[name].content, let formula = try? Formula.parse(text, at: self[name].span)
    else {
      mismatch(name, "a formula")
    }
    return formula
  }

  /// The items of a field of type `.list`.
  public func list(_ name: String) -> [FieldValue] {
    guard case .list(let items) = self[name].content else { mismatch(name, "a list") }
    return items
  }

  /// The values of a field of type `.sizes` or `.list(.integer)`.
  public func integers(_ name: String) -> [Int] {
    list(name).map { item in
      guard case .integer(let value) = item.content else { mismatch(name, "whole numbers") }
      return value
    }
  }

  /// The values of a field of type `.list(.number)`.
  public func numbers(_ name: String) -> [Double] {
    list(name).map { item in
      switch item.content {
      case .number(let value): value
      case .integer(let value): Double(value)
      default: mismatch(name, "numbers")
      }
    }
  }

  /// The values of a field of type `.list(.string)` or `.list(.choice)`.
  public func strings(_ name: String) -> [String] {
    list(name).map { item in
      guard case .string(let value) = item.content else { mismatch(name, "texts") }
      return value
    }
  }

  /// The value of a field of type `.step` or `.variant`.
  public func step(_ name: String) -> Step {
    guard let value = optionalStep(name) else { mismatch(name, "a step") }
    return value
  }

  /// The value of such a field that may be `~`, which gives nil.
  public func optionalStep(_ name: String) -> Step? {
    switch self[name].content {
    case .step(let value): value
    case .none: nil
    default: mismatch(name, "a step or ~")
    }
  }

  /// The values of a field of type `.steps`.
  public func steps(_ name: String) -> [Step] {
    guard case .steps(let value) = self[name].content else { mismatch(name, "a list of steps") }
    return value
  }

  /// The value of a field of type `.group`.
  public func group(_ name: String) -> FieldValues {
    guard let value = optionalGroup(name) else { mismatch(name, "a mapping") }
    return value
  }

  /// The value of a field of type `.optional(.group)`; nil for `~`.
  public func optionalGroup(_ name: String) -> FieldValues? {
    switch self[name].content {
    case .group(let value): value
    case .none: nil
    default: mismatch(name, "a mapping or ~")
    }
  }

  /// The value of a field of type `.dictionary`, in written order.
  public func dictionary(_ name: String) -> [(key: Located<String>, value: FieldValue)] {
    guard case .dictionary(let value) = self[name].content else { mismatch(name, "a mapping of names") }
    return value
  }

  /// Where the value of `name` came from.
  public func origin(of name: String) -> Origin { self[name].origin }

  /// Whether the table has a field `name`.
  public func has(_ name: String) -> Bool { values.contains { $0.name == name } }

  private func mismatch(_ name: String, _ wanted: String) -> Never {
    preconditionFailure("the field '\(name)' does not hold \(wanted)")
  }
}
