/// The checksum of ZIP and PNG: the polynomial 0x04C11DB7, bits reflected (ISO 3309; RFC 1952, section 8).
package struct CRC32 {
  private var state: UInt32 = 0xFFFF_FFFF

  package init() {}

  /// The checksum of all bytes so far.
  package var value: UInt32 { ~state }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var state = state
    var rest = bytes[...]
    Self.tables.withUnsafeBufferPointer { tables in
      // Eight bytes at a time, one table a place (Kounavis, Berry 2005, "A systematic approach to building high performance
      // software-based CRC generators").
      while rest.count >= 8 {
        let word = bytes.loadUnaligned(fromByteOffset: rest.startIndex, as: UInt64.self).littleEndian
        let mixed = word ^ UInt64(state)
        state = 0
        for place in 0..<8 {
          let byte = Int(truncatingIfNeeded: mixed >> UInt64(8 * place)) & 0xFF
          state ^= tables[(7 - place) * 256 + byte]
        }
        rest = rest.dropFirst(8)
      }
      for byte in rest { state = tables[Int((state ^ UInt32(byte)) & 0xFF)] ^ (state >> 8) }
    }
    self.state = state
  }

  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// Table k holds what a byte does to the checksum when k more bytes follow it.
  private static let tables: [UInt32] = {
    var tables = (0..<UInt32(256)).map { index in
      (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
    for index in 256..<2048 {
      let before = tables[index - 256]
      tables.append(tables[Int(before & 0xFF)] ^ (before >> 8))
    }
    return tables
  }()
}
