/// Deflate's format (RFC 1951) with its fixed codes and repeats of one byte alone: enough for pictures of plain areas.
package struct RunLengthDeflate {
  private var bytes: [UInt8] = []
  private var bits: UInt64 = 0
  private var count = 0

  /// The one block that `content` becomes.
  package static func compressed(_ content: [UInt8]) -> [UInt8] {
    var writer = RunLengthDeflate()
    // The last block, of the kind with fixed codes.
    writer.add(0b011, 3)
    var place = 0
    while place < content.count {
      let byte = content[place]
      writer.addSymbol(Int(byte))
      place += 1
      var repeats = 0
      while place + repeats < content.count, content[place + repeats] == byte { repeats += 1 }
      place += repeats
      while repeats >= 3 {
        // What is left must not be too short for a repeat.
        let length = repeats > 258 ? min(258, repeats - 3) : repeats
        writer.addRepeat(length)
        repeats -= length
      }
      for _ in 0..<repeats { writer.addSymbol(Int(byte)) }
    }
    writer.addSymbol(256)
    return writer.finished()
  }

  /// A literal byte, 256 for the end, or a code of lengths: section 3.2.6.
  private mutating func addSymbol(_ symbol: Int) {
    switch symbol {
    case ..<144: addCode(0x30 + symbol, 8)
    case ..<256: addCode(0x190 + symbol - 144, 9)
    case ..<280: addCode(symbol - 256, 7)
    default: addCode(0xC0 + symbol - 280, 8)
    }
  }

  /// The byte before again, `length` times, 3 to 258: section 3.2.5.
  private mutating func addRepeat(_ length: Int) {
    if length == 258 {
      addSymbol(285)
    } else {
      // Codes come in fours, each four with one more bit behind it than the four before; the first eight have none.
      var (code, base, extra) = (257, 3, 0)
      while length >= base + 1 << extra {
        base += 1 << extra
        code += 1
        if code > 264, (code - 265).isMultiple(of: 4) { extra += 1 }
      }
      addSymbol(code)
      add(length - base, extra)
    }
    // A distance of one.
    addCode(0, 5)
  }

  /// Codes begin with their highest bit.
  private mutating func addCode(_ code: Int, _ width: Int) {
    for bit in (0..<width).reversed() { add(code >> bit & 1, 1) }
  }

  /// Other numbers begin with their lowest bit.
  private mutating func add(_ value: Int, _ width: Int) {
    bits |= UInt64(value) << UInt64(count)
    count += width
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
      count -= 8
    }
  }

  private func finished() -> [UInt8] { count > 0 ? bytes + [UInt8(truncatingIfNeeded: bits)] : bytes }
}
