/// The types a plain scalar can be read as. A field asks for the one it wants, so that YAML's guesses never apply:
/// `1e-4` is a number, `no`, `on` and `yes` are texts. Quoted scalars are texts and nothing else.
extension Scalar {
  /// Whether the scalar says "nothing": `~`, `null` or no text at all.
  public var isNull: Bool {
    style == .plain && (text.isEmpty || text == "~" || text == "null")
  }

  /// The whole number that the digits say, or nil: `64`, `-3`, `+7`. `3.0` and `1e3` are not whole numbers, nor is
  /// anything past 64 bits.
  public var asInteger: Int? {
    guard style == .plain, isIntegerLiteral(text.utf8) else { return nil }
    return Int(text)
  }

  /// The number, or nil: `64`, `1e-4`, `.5`, `-2.`. Infinities, NaN, `1_000` and hexadecimal are not numbers.
  public var asNumber: Double? {
    guard style == .plain, isNumberLiteral(text.utf8), let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// `true` or `false`, or nil for every other word.
  public var asBoolean: Bool? {
    guard style == .plain else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default: return nil
    }
  }
}

extension Node {
  /// Whether the node is a plain scalar that says "nothing": `~`, `null` or no text at all.
  public var isNull: Bool { scalar?.isNull ?? false }

  /// The whole number that a plain scalar's digits say, or nil.
  public var asInteger: Int? { scalar?.asInteger }

  /// The number that a plain scalar says, or nil.
  public var asNumber: Double? { scalar?.asNumber }

  /// `true` or `false` of a plain scalar, or nil.
  public var asBoolean: Bool? { scalar?.asBoolean }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

/// `[-+]?[0-9]+`
func isIntegerLiteral(_ text: String.UTF8View) -> Bool {
  let digits = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
  return !digits.isEmpty && digits.allSatisfy(isDigit)
}

/// `[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?`, the floats of YAML 1.2's core schema without `.inf` and
/// `.nan`.
func isNumberLiteral(_ text: String.UTF8View) -> Bool {
  var rest = text[...]
  func skipDigits() -> Bool {
    let count = rest.prefix(while: isDigit).count
    rest = rest.dropFirst(count)
    return count > 0
  }
  func skip(_ bytes: [UInt8]) -> Bool {
    guard let first = rest.first, bytes.contains(first) else { return false }
    rest = rest.dropFirst()
    return true
  }
  let signs = [UInt8(ascii: "-"), UInt8(ascii: "+")]
  _ = skip(signs)
  let whole = skipDigits()
  let fraction = skip([UInt8(ascii: ".")]) && skipDigits()
  guard whole || fraction else { return false }
  if skip([UInt8(ascii: "e"), UInt8(ascii: "E")]) {
    _ = skip(signs)
    guard skipDigits() else { return false }
  }
  return rest.isEmpty
}
