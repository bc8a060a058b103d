/// A message in Protocol Buffers' wire format (protobuf.dev/programming-guides/encoding), built field by field: what event files and
/// offline logs of trackers are made of. Fields at their defaults may be left out.
package struct ProtobufMessage {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// An `int32`, `int64`, `uint64`, `bool` or enumeration.
  package mutating func add(_ field: Int, _ value: Int) {
    key(field, wireType: 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A `double`.
  package mutating func add(_ field: Int, _ value: Double) {
    key(field, wireType: 1)
    bytes += Self.littleEndian(value.bitPattern)
  }

  /// A `float`.
  package mutating func add(_ field: Int, _ value: Float) {
    key(field, wireType: 5)
    bytes += Self.littleEndian(value.bitPattern)
  }

  /// A `string`.
  package mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  /// A message within this one.
  package mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

  /// `bytes`.
  package mutating func add(_ field: Int, _ content: [UInt8]) {
    key(field, wireType: 2)
    varint(UInt64(content.count))
    bytes += content
  }

  /// A packed list of `double`.
  package mutating func add(_ field: Int, _ values: [Double]) {
    add(field, values.flatMap { Self.littleEndian($0.bitPattern) })
  }

  static func littleEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private mutating func key(_ field: Int, wireType: Int) { varint(UInt64(field << 3 | wireType)) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The fields of a message in the order in which they stand.
package struct ProtobufFields {
  package enum Value: Equatable {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// A text, bytes, a message or a packed list.
    case bytes(ArraySlice<UInt8>)
  }

  package let fields: [(number: Int, value: Value)]

  /// nil where the bytes are no message.
  package init?(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    func varint() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 7) {
        guard let byte = rest.popFirst() else { return nil }
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
      }
      return nil
    }
    func fixed<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
      let size = MemoryLayout<Number>.size
      guard rest.count >= size else { return nil }
      defer { rest = rest.dropFirst(size) }
      return rest.prefix(size).reversed().reduce(0) { $0 << 8 | Number($1) }
    }
    var fields: [(number: Int, value: Value)] = []
    while !rest.isEmpty {
      guard let key = varint(), key >> 3 > 0, key >> 3 < 1 << 29 else { return nil }
      let value: Value?
      switch key & 7 {
      case 0: value = varint().map(Value.varint)
      case 1: value = fixed(UInt64.self).map(Value.fixed64)
      case 2:
        guard let count = varint(), count <= rest.count else { return nil }
        value = .bytes(rest.prefix(Int(count)))
        rest = rest.dropFirst(Int(count))
      case 5: value = fixed(UInt32.self).map(Value.fixed32)
      default: value = nil
      }
      guard let value else { return nil }
      fields.append((Int(key >> 3), value))
    }
    self.fields = fields
  }

  /// All messages in the field; none where it is not there.
  package func messages(_ number: Int) -> [ProtobufFields] {
    fields.compactMap { field in
      guard field.number == number, case .bytes(let bytes) = field.value else { return nil }
      return ProtobufFields(bytes)
    }
  }

  /// The first message in the field.
  package func message(_ number: Int) -> ProtobufFields? { messages(number).first }

  package func text(_ number: Int) -> String? {
    guard case .bytes(let bytes)? = fields.first(where: { $0.number == number })?.value else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  package func integer(_ number: Int) -> Int? {
    guard case .varint(let value)? = fields.first(where: { $0.number == number })?.value else { return nil }
    return Int(Int64(bitPattern: value))
  }
}
