/// How many columns of a terminal text takes.
public enum DisplayWidth {
  /// The columns of `text`, which should hold no line break or tab.
  public static func of(_ text: String) -> Int {
    text.reduce(0) { $0 + of($1) }
  }

  /// `text`, or as much of it as fits into `columns`, with an ellipsis.
  public static func fitted(_ text: String, into columns: Int) -> String {
    if of(text) <= columns { return text }
    var result = ""
    var used = 1
    for character in text {
      used += of(character)
      if used > columns { break }
      result.append(character)
    }
    return columns > 0 ? result + "…" : ""
  }

  /// One character as people see it: its scalars share the place of the widest.
  private static func of(_ character: Character) -> Int {
    var widest = 0
    for scalar in character.unicodeScalars {
      // The variation selector that asks for the coloured form.
      if scalar == "\u{FE0F}" { return 2 }
      widest = max(widest, of(scalar))
    }
    return widest
  }

  /// 0 for marks and control characters, 2 for East Asian wide ones and emoji, 1 otherwise.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if scalar.value < 0x1100 { return 1 }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The blocks whose scalars are wide or full-width (Unicode Standard Annex 11), without gaps of unassigned ones.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
    0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
  ]
}
