/// What all figures have in common: colours, lines and letters.
enum FigureStyle {
  /// Sans serif, whichever of the usual ones there is.
  static let fontFamily = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
  static let background = "#ffffff"
  /// Text and axes.
  static let ink = "#22262b"
  /// Secondary text.
  static let quiet = "#666d75"
  static let grid = "#e7eaed"
  static let axis = "#9aa1a9"

  /// Lines, told apart by people with any colour vision (Okabe, Ito 2008, "Color Universal Design"), the most distinct first.
  static let lines = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"]

  static let titleSize = 14.0
  static let labelSize = 12.0
  static let tickSize = 11.0
}
