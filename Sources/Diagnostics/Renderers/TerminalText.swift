/// The scalar as it is safe to print: controls and invisible format characters (which could move the cursor, reorder
/// the text or hide in it) become visible stand-ins.
func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  switch scalar.value {
  case 0x00..<0x20: return Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
  case 0x7F: return "\u{2421}"
  case 0x80..<0xA0: return "\u{FFFD}"
  case 0..<0x300: return scalar.value == 0xAD ? "\u{FFFD}" : scalar
  default: break
  }
  switch scalar.properties.generalCategory {
  case .format, .lineSeparator, .paragraphSeparator: return "\u{FFFD}"
  default: return scalar
  }
}

/// The text with every scalar safe to print.
package func printable(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  result.append(contentsOf: text.unicodeScalars.lazy.map(printable))
  return String(result)
}

/// How many columns a terminal gives the scalar: marks that combine none, East Asian wide characters and emoji two
/// (Unicode Standard Annex 11, the ranges of class W and F in rough), all others one.
func columns(of scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark: return 0
  default: break
  }
  switch scalar.value {
  case 0x1100...0x115F, 0x231A...0x231B, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FF,
    0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F7E0...0x1F7EB, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
    return 2
  default:
    return 1
  }
}

/// How many columns a terminal gives the text.
func columns(of text: String) -> Int {
  text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
}
