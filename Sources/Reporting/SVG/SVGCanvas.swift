import Foundation

/// Builds one SVG document. Lengths are in user units, y grows downwards.
struct SVGCanvas {
  enum Anchor: String { case start, middle, end }

  private var body = ""
  private let width: Double
  private let height: Double
  private let title: String

  /// - Parameter title: what screen readers and tooltips say.
  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  /// The finished document, with a line break at the end.
  var document: String {
    let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    let box = "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" \(size) \(box) role="img" font-family="\(FigureStyle.fontFamily)">
      <title>\(Self.escaped(title))</title>
      <rect width="100%" height="100%" fill="\(FigureStyle.background)"/>
      \(body)</svg>

      """
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String, width: Double = 1, dash: String? = nil
  ) {
    let coordinates =
      "x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\""
    add("<line \(coordinates) stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\"\(dashes(dash))/>")
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, tooltip: String? = nil
  ) {
    let box =
      "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    if let tooltip {
      add("<rect \(box) fill=\"\(fill)\"><title>\(Self.escaped(tooltip))</title></rect>")
    } else {
      add("<rect \(box) fill=\"\(fill)\"/>")
    }
  }

  /// A rectangle with rounded corners and an outline.
  mutating func box(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, radius: Double, fill: String, stroke: String
  ) {
    let box =
      "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    add("<rect \(box) rx=\"\(Self.number(radius))\" fill=\"\(fill)\" stroke=\"\(stroke)\"/>")
  }

  /// A picture that fills the box; it is smoothed where it is enlarged.
  mutating func image(_ x: Double, _ y: Double, _ width: Double, _ height: Double, png: [UInt8], title: String) {
    let box =
      "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    let data = Data(png).base64EncodedString()
    add(
      "<image \(box) preserveAspectRatio=\"none\" href=\"data:image/png;base64,\(data)\">"
        + "<title>\(Self.escaped(title))</title></image>")
  }

  /// A line by SVG's path commands, such as `M0 0 C…`.
  mutating func path(_ commands: String, stroke: String, width: Double) {
    add(
      "<path d=\"\(commands)\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\""
        + " stroke-linecap=\"round\"/>")
  }

  /// A filled shape with straight sides.
  mutating func polygon(_ points: [(x: Double, y: Double)], fill: String, opacity: Double = 1) {
    let text = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
    let transparency = opacity < 1 ? " fill-opacity=\"\(Self.number(opacity))\"" : ""
    add("<polygon points=\"\(text)\" fill=\"\(fill)\"\(transparency)/>")
  }

  mutating func circle(_ x: Double, _ y: Double, radius: Double, fill: String, stroke: String? = nil) {
    let outline = stroke.map { " stroke=\"\($0)\" stroke-width=\"1.5\"" } ?? ""
    add(
      "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" fill=\"\(fill)\"\(outline)/>"
    )
  }

  mutating func polyline(_ points: [(x: Double, y: Double)], stroke: String, width: Double, dash: String? = nil) {
    let text = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
    add(
      "<polyline points=\"\(text)\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\""
        + " stroke-linejoin=\"round\" stroke-linecap=\"round\"\(dashes(dash))/>")
  }

  /// - Parameters:
  ///   - y: of the baseline.
  ///   - turn: degrees clockwise about the anchor.
  ///   - halo: draw the background's colour around the letters, for text that stands on lines.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double, fill: String = FigureStyle.ink, anchor: Anchor = .start,
    bold: Bool = false, turn: Double = 0, halo: Bool = false
  ) {
    var attributes =
      "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\" fill=\"\(fill)\""
    if anchor != .start { attributes += " text-anchor=\"\(anchor.rawValue)\"" }
    if bold { attributes += " font-weight=\"600\"" }
    if turn != 0 { attributes += " transform=\"rotate(\(Self.number(turn)) \(Self.number(x)) \(Self.number(y)))\"" }
    if halo {
      attributes +=
        " style=\"paint-order:stroke\" stroke=\"\(FigureStyle.background)\" stroke-width=\"3\" stroke-linejoin=\"round\""
    }
    add("<text \(attributes)>\(Self.escaped(text))</text>")
  }

  /// A coordinate: at most two decimals, so that files stay small and the same on every machine.
  static func number(_ value: Double) -> String {
    // What cannot be placed goes where nobody sees it.
    guard abs(value) < 1e7 else { return "-1000" }
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }

  /// Text as XML allows it: markup escaped, control characters, which XML 1.0 cannot hold, left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": continue
      case _ where scalar.value < 0x20: result += scalar == "\n" || scalar == "\t" ? " " : ""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private mutating func add(_ element: String) { body += element + "\n" }

  private func dashes(_ pattern: String?) -> String { pattern.map { " stroke-dasharray=\"\($0)\"" } ?? "" }
}
