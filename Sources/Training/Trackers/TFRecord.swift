/// TensorFlow's record files: each record is its length (64 bits, little endian), the checksum of these eight bytes, the content and its
/// checksum.
package enum TFRecord {
  /// The record that holds `content`.
  package static func framed(_ content: [UInt8]) -> [UInt8] {
    let length = ProtobufMessage.littleEndian(UInt64(content.count))
    return length + ProtobufMessage.littleEndian(masked(length[...])) + content
      + ProtobufMessage.littleEndian(masked(content[...]))
  }

  /// The whole records that a file begins with, and where each ends; what stands behind the first damaged one is left out.
  package static func read(_ file: [UInt8]) -> [(content: ArraySlice<UInt8>, end: Int)] {
    var records: [(content: ArraySlice<UInt8>, end: Int)] = []
    var start = 0
    func number(_ at: Int, _ size: Int) -> UInt64 { file[at..<at + size].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    while file.count - start >= 16 {
      let count = number(start, 8)
      guard number(start + 8, 4) == masked(file[start..<start + 8]), count <= file.count - start - 16 else { break }
      let content = file[start + 12..<start + 12 + Int(count)]
      guard number(content.endIndex, 4) == masked(content) else { break }
      start = content.endIndex + 4
      records.append((content, start))
    }
    return records
  }

  /// The checksum as these files keep it, turned and moved: that of bytes which hold checksums themselves would not be safe.
  package static func masked(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let checksum = CRC32C.of(bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}

/// The checksum of iSCSI (RFC 3720, appendix B.4): the polynomial 0x1EDC6F41, bits reflected.
package enum CRC32C {
  package static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
  }

  private static let table = (0..<UInt32(256)).map { index in
    (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0x82F6_3B78 ^ (value >> 1) : value >> 1 }
  }
}
