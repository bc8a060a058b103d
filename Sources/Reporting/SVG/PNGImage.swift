import Training

/// A picture of up to 256 colours as PNG (W3C, "Portable Network Graphics Specification", second edition): small pictures need no library
/// for it.
struct PNGImage {
  let width: Int
  let height: Int
  /// Red, green and blue of each colour.
  let palette: [(red: UInt8, green: UInt8, blue: UInt8)]
  /// Indices into the palette, row after row from the top.
  let pixels: [UInt8]

  /// `#rrggbb` as a colour of a palette; black where it is none.
  static func colour(_ text: String) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let value = UInt32(text.dropFirst(), radix: 16) ?? 0
    return (UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF))
  }

  /// The file.
  var bytes: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // Eight bits a pixel, by palette; the only kinds of compression and filters, no interlacing.
    file += Self.chunk("IHDR", Self.big(width) + Self.big(height) + [8, 3, 0, 0, 0])
    file += Self.chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
    // Plain areas are zeros as differences from the row above, filter 2; for other pictures nothing is gained.
    let repeats = filtered(2) { row, column in row == 0 ? 0 : pixels[(row - 1) * width + column] }
    let compressed = [0x78, 0x01] + RunLengthDeflate.compressed(repeats) + Self.big(Self.adler(repeats))
    let stored = Self.stored(filtered(0) { _, _ in 0 })
    file += Self.chunk("IDAT", compressed.count < stored.count ? compressed : stored)
    return file + Self.chunk("IEND", [])
  }

  /// The rows, each behind the number of its filter, as differences from what the filter predicts.
  private func filtered(_ filter: UInt8, _ predicted: (_ row: Int, _ column: Int) -> UInt8) -> [UInt8] {
    var rows: [UInt8] = []
    rows.reserveCapacity((width + 1) * height)
    for row in 0..<height {
      rows.append(filter)
      for column in 0..<width { rows.append(pixels[row * width + column] &- predicted(row, column)) }
    }
    return rows
  }

  /// Zlib's format (RFC 1950) with the bytes in stored blocks (RFC 1951, section 3.2.4).
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    let most = 65_535
    for start in stride(from: 0, to: bytes.count, by: most) {
      let count = min(most, bytes.count - start)
      let isLast: UInt8 = start + count == bytes.count ? 1 : 0
      result += [isLast, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8 & 0xFF)]
      result += bytes[start..<start + count]
    }
    return result + big(adler(bytes))
  }

  /// Adler-32 (RFC 1950, section 8.2).
  private static func adler(_ bytes: [UInt8]) -> Int {
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return b << 16 | a
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    var checksum = CRC32()
    checksum.update(Array(name.utf8) + content)
    return big(content.count) + Array(name.utf8) + content + big(Int(checksum.value))
  }

  private static func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xFF) } }
}
