/// A JSON document. Objects keep the order in which their keys were added, so that records read as they were meant to.
///
/// Literals make documents: `["test": ["accuracy": .number(0.64), "confusion": [[1, 2], [3, 4]]]]`.
public enum JSON: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// Written in the shortest form that reads back as the same value; NaN and infinities, which JSON lacks, as `null`.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// A single-precision number in the shortest form that reads back as the same `Float`: 0.1, not 0.10000000149011612.
  public static func number(_ value: Float) -> JSON {
    .number(Double(value.description) ?? Double(value))
  }

  /// `null` where there is no value.
  public static func optional(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
  /// `null` where there is no value.
  public static func optional(_ value: Int?) -> JSON { value.map(JSON.integer) ?? .null }
  /// `null` where there is no value.
  public static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }

  /// The value of `key`, the first where it stands twice; nil where this is no object or lacks the key.
  public subscript(_ key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The value of a whole number; nil for anything else.
  public var asInteger: Int? {
    if case .integer(let value) = self { return value }
    return nil
  }

  /// The value of a number, whole or not; nil for anything else.
  public var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The text of a string; nil for anything else.
  public var asString: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  /// The items of an array; nil for anything else.
  public var asArray: [JSON]? {
    if case .array(let items) = self { return items }
    return nil
  }

  /// The members of an object in their order; nil for anything else.
  public var asObject: [(key: String, value: JSON)]? {
    if case .object(let members) = self { return members }
    return nil
  }
}

/// Equal as documents: the order of keys counts, and so does `1` against `1.0`.
extension JSON: Equatable {
  public static func == (a: JSON, b: JSON) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.boolean(let x), .boolean(let y)): x == y
    case (.integer(let x), .integer(let y)): x == y
    case (.number(let x), .number(let y)): x == y
    case (.string(let x), .string(let y)): x == y
    case (.array(let x), .array(let y)): x == y
    case (.object(let x), .object(let y)):
      x.count == y.count && zip(x, y).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { (key: $0.0, value: $0.1) })
  }

  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(nilLiteral: ()) { self = .null }
}
