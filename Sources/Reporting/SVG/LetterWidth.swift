/// How much room text takes, which SVG leaves to the viewer: an estimate from Helvetica's metrics, with some room for wider fonts.
enum LetterWidth {
  /// The width of `text` at a font size, in the size's unit.
  static func of(_ text: String, size: Double, bold: Bool = false) -> Double {
    let thousandths = text.unicodeScalars.reduce(0) { $0 + width($1) }
    return Double(thousandths) / 1000 * size * roomForWiderFonts * (bold ? 1.2 : 1)
  }

  /// `text`, or as much of it as fits, with an ellipsis.
  static func fitted(_ text: String, size: Double, bold: Bool = false, into width: Double) -> String {
    if of(text, size: size, bold: bold) <= width { return text }
    var short = text
    while !short.isEmpty, of(short + "…", size: size, bold: bold) > width { short.removeLast() }
    return short + "…"
  }

  /// DejaVu Sans, the widest of the usual ones, is about so much wider than Helvetica.
  private static let roomForWiderFonts = 1.12

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    let code = Int(scalar.value)
    if (32..<127).contains(code) { return ascii[code - 32] }
    return DisplayWidth.of(scalar) * 550
  }

  /// Thousandths of the size for the scalars 32 to 126.
  private static let ascii = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556,
    556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722,
    778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,
    556,
    556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]
}
