extension JSON {
  /// Why a text is not a JSON document.
  public struct ParseError: Error, Sendable, CustomStringConvertible {
    public let message: String
    /// In bytes from the start of the text.
    public let offset: Int
    public var description: String { "\(message) at byte \(offset)" }
  }

  /// Reads one document as RFC 8259 defines it: nothing more lenient, at most 64 levels deep, no key twice in one object.
  ///
  /// Whole numbers without fraction and exponent that fit become `.integer`, other numbers `.number`.
  ///
  /// - Throws: `ParseError` for any other text; it never traps, whatever the bytes are.
  public static func parse(_ bytes: some Sequence<UInt8>) throws(ParseError) -> JSON {
    var parser = JSONParser(bytes: Array(bytes))
    return try parser.document()
  }

  /// Reads one document from `text`.
  ///
  /// - Throws: `ParseError` where it is not JSON.
  public static func parse(_ text: String) throws(ParseError) -> JSON { try parse(text.utf8) }
}

private struct JSONParser {
  static let deepest = 64
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSON.ParseError) -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    if position < bytes.count { throw error("more text after the document") }
    return value
  }

  private func error(_ message: String) -> JSON.ParseError { JSON.ParseError(message: message, offset: position) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Passes over `byte` and the space before it; false where something else stands there.
  private mutating func take(_ byte: Character) -> Bool {
    skipSpace()
    guard next == byte.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSON.ParseError) -> JSON {
    if depth > Self.deepest { throw error("more than \(Self.deepest) levels") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"): return try number()
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
    case nil: throw error("the text ends where a value was expected")
    default: throw error("unexpected character")
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws(JSON.ParseError) -> JSON {
    guard bytes[position...].starts(with: text.utf8) else { throw error("unexpected word") }
    position += text.utf8.count
    return value
  }

  private mutating func array(depth: Int) throws(JSON.ParseError) -> JSON {
    position += 1
    var items: [JSON] = []
    if take("]") { return .array(items) }
    repeat { items.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw error("expected ',' or ']'") }
    return .array(items)
  }

  private mutating func object(depth: Int) throws(JSON.ParseError) -> JSON {
    position += 1
    var members: [(key: String, value: JSON)] = []
    var keys = Set<String>()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("expected a key") }
      let key = try string()
      guard keys.insert(key).inserted else { throw error("the key \(JSON.quoted(key)) stands twice") }
      guard take(":") else { throw error("expected ':'") }
      members.append((key, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw error("expected ',' or '}'") }
    return .object(members)
  }

  private mutating func number() throws(JSON.ParseError) -> JSON {
    let start = position
    var whole = true
    if next == UInt8(ascii: "-") { position += 1 }
    let leadingZero = next == UInt8(ascii: "0")
    let digits = try takeDigits()
    if leadingZero, digits > 1 { throw error("a number with a leading zero") }
    if next == UInt8(ascii: ".") {
      whole = false
      position += 1
      _ = try takeDigits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      whole = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      _ = try takeDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if whole, let integer = Int(text) { return .integer(integer) }
    guard let value = Double(text), value.isFinite else { throw error("a number out of range") }
    return .number(value)
  }

  private mutating func takeDigits() throws(JSON.ParseError) -> Int {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if position == start { throw error("expected a digit") }
    return position - start
  }

  private mutating func string() throws(JSON.ParseError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else { throw error("a string that is not UTF-8") }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        text.append(contentsOf: String(Character(try escaped())).utf8)
      case ..<0x20: throw error("a control character in a string")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw error("the text ends within a string")
  }

  /// The scalar of an escape whose backslash has been passed.
  private mutating func escaped() throws(JSON.ParseError) -> Unicode.Scalar {
    let plain: [UInt8: Unicode.Scalar] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
      UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    guard let byte = next else { throw error("the text ends within a string") }
    position += 1
    if let scalar = plain[byte] { return scalar }
    guard byte == UInt8(ascii: "u") else { throw error("unknown escape") }
    let unit = try hexUnit()
    guard (0xD800..<0xDC00).contains(unit) else {
      guard let scalar = Unicode.Scalar(unit) else { throw error("half of a surrogate pair") }
      return scalar
    }
    guard bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
      throw error("half of a surrogate pair")
    }
    position += 2
    let low = try hexUnit()
    guard (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
    else { throw error("half of a surrogate pair") }
    return scalar
  }

  private mutating func hexUnit() throws(JSON.ParseError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("expected four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }
}
