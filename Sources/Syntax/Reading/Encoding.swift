/// The offset of the first byte that is not part of a well-formed UTF-8 sequence (Unicode Standard, table 3-7), or nil.
func firstInvalidUTF8(_ text: [UInt8]) -> Int? {
  text.withUnsafeBufferPointer { text in
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        index += 1
        continue
      }
      // How many bytes follow, and what the first of them may be: overlong forms and surrogates are ruled out by it.
      let (following, second): (Int, ClosedRange<UInt8>)
      switch byte {
      case 0xC2...0xDF: (following, second) = (1, 0x80...0xBF)
      case 0xE0: (following, second) = (2, 0xA0...0xBF)
      case 0xE1...0xEC, 0xEE...0xEF: (following, second) = (2, 0x80...0xBF)
      case 0xED: (following, second) = (2, 0x80...0x9F)
      case 0xF0: (following, second) = (3, 0x90...0xBF)
      case 0xF1...0xF3: (following, second) = (3, 0x80...0xBF)
      case 0xF4: (following, second) = (3, 0x80...0x8F)
      default: return index
      }
      guard index + following < text.count, second.contains(text[index + 1]) else { return index }
      for offset in 1...following where text[index + offset] & 0xC0 != 0x80 { return index }
      index += following + 1
    }
    return nil
  }
}

/// The name of the encoding where the text begins as UTF-16 or UTF-32 does: with a byte order mark, or with a
/// character of which every other byte is zero.
func foreignEncoding(_ text: [UInt8]) -> String? {
  if text.starts(with: [0xFF, 0xFE, 0, 0]) || text.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
  if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
  if text.count >= 4, (text[0] == 0) != (text[1] == 0), (text[2] == 0) != (text[3] == 0),
    (text[0] == 0) == (text[2] == 0)
  {
    return "UTF-16"
  }
  return nil
}

/// The offset of the first character that YAML 1.1 does not let a text contain (section 5.1, c-printable), or nil.
/// `text` is well-formed UTF-8.
func firstUnprintable(_ text: [UInt8]) -> Int? {
  text.withUnsafeBufferPointer { text in
    text.indices.first { index in
      switch text[index] {
      case 0x09, 0x0A, 0x0D: false
      case 0x00..<0x20, 0x7F: true
      // U+0080 to U+009F but for U+0085, a line break.
      case 0xC2: text[index + 1] < 0xA0 && text[index + 1] != 0x85
      // U+FFFE and U+FFFF.
      case 0xEF: text[index + 1] == 0xBF && text[index + 2] >= 0xBE
      default: false
      }
    }
  }
}
