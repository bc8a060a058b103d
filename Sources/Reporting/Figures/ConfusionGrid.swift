import Foundation
import Training

/// Small confusion matrices side by side: the report's Figures 2 and 3. Cells are coloured by the share of the row.
public struct ConfusionGrid: Sendable {
  public struct Panel: Sendable {
    public let title: String
    /// A line below, such as the accuracy.
    public let subtitle: String
    public let matrix: ConfusionMatrix

    public init(title: String, subtitle: String, matrix: ConfusionMatrix) {
      self.title = title
      self.subtitle = subtitle
      self.matrix = matrix
    }
  }

  public var title: String
  /// All of them over the same classes.
  public var panels: [Panel]
  public var classNames: [String]
  /// Write counts into the cells rather than shares in percent.
  public var showsCounts: Bool
  /// How many panels stand beside each other.
  public var columns: Int

  public init(title: String, panels: [Panel], classNames: [String], showsCounts: Bool = false, columns: Int = 3) {
    precondition(panels.allSatisfy { $0.matrix.classes == classNames.count }, "every class has a name")
    self.title = title
    self.panels = panels
    self.classNames = classNames
    self.showsCounts = showsCounts
    self.columns = max(1, min(columns, panels.count))
  }

  private static let margin = 18.0
  private static let heading = 46.0
  private static let panelHeading = 44.0
  private static let longestLabel = 62.0
  private static let gap = 22.0

  /// The figure as an SVG document.
  public func svg() -> String {
    let classes = Double(classNames.count)
    let cell = classNames.count <= 6 ? 38.0 : classNames.count <= 10 ? 30 : classNames.count <= 20 ? 20 : 12
    let labels = min(
      Self.longestLabel, classNames.map { LetterWidth.of($0, size: FigureStyle.tickSize) }.max() ?? 0)
    let isTurned = labels > cell - 2
    let below = isTurned ? labels * 0.71 + 16 : 20
    let width = labels + 10 + cell * classes + Self.gap
    let height = Self.panelHeading + cell * classes + below + 18
    let rows = (panels.count + columns - 1) / columns
    let side = 30.0
    var canvas = SVGCanvas(
      width: Self.margin * 2 + side + width * Double(columns), height: Self.heading + height * Double(rows) + 16,
      title: "Confusion matrices of \(title)")
    let room = side + width * Double(columns)
    canvas.text(LetterWidth.fitted(title, size: 16, bold: true, into: room), Self.margin, 28, size: 16, bold: true)
    canvas.text(
      "true class", Self.margin + 12, Self.heading + height * Double(rows) / 2, size: FigureStyle.labelSize,
      anchor: .middle, bold: true, turn: -90)
    canvas.text(
      "predicted class" + (showsCounts ? " (clips)" : " (% of the true class)"),
      Self.margin + side + room / 2 - side / 2,
      Self.heading + height * Double(rows) + 4, size: FigureStyle.labelSize, anchor: .middle, bold: true)
    for (index, panel) in panels.enumerated() {
      let x = Self.margin + side + width * Double(index % columns)
      let y = Self.heading + height * Double(index / columns)
      draw(
        panel, on: &canvas, left: x + labels + 10, top: y + Self.panelHeading, cell: cell, isTurned: isTurned)
    }
    return canvas.document
  }

  private func draw(
    _ panel: Panel, on canvas: inout SVGCanvas, left: Double, top: Double, cell: Double, isTurned: Bool
  ) {
    let side = cell * Double(classNames.count)
    let size = FigureStyle.tickSize
    canvas.text(
      LetterWidth.fitted(panel.title, size: 12.5, bold: true, into: side + 14), left, top - 24, size: 12.5, bold: true)
    canvas.text(
      LetterWidth.fitted(panel.subtitle, size: size, into: side + 14), left, top - 9, size: size,
      fill: FigureStyle.quiet)
    let shares = panel.matrix.rowShares
    for truth in classNames.indices {
      for prediction in classNames.indices {
        let (x, y) = (left + Double(prediction) * cell, top + Double(truth) * cell)
        let share = shares[truth][prediction]
        let count = panel.matrix[truth: truth, prediction: prediction]
        let percent = String(format: "%.0f", share * 100)
        canvas.rectangle(
          x + 0.4, y + 0.4, cell - 0.8, cell - 0.8, fill: ColourScale.colour(share),
          tooltip: "\(classNames[truth]) taken for \(classNames[prediction]): \(count), \(percent)%")
        if cell < 18 { continue }
        let ink = ColourScale.isDark(share) ? FigureStyle.background : count == 0 ? "#a9b0b8" : FigureStyle.ink
        let text = showsCounts ? String(count) : percent
        canvas.text(
          text, x + cell / 2, y + cell / 2 + 4, size: cell >= 30 && text.count < 4 ? 11.5 : 8.5, fill: ink,
          anchor: .middle, bold: truth == prediction)
      }
      let name = LetterWidth.fitted(classNames[truth], size: size, into: Self.longestLabel)
      let middle = (Double(truth) + 0.5) * cell
      canvas.text(name, left - 7, top + middle + 4, size: size, anchor: .end)
      if isTurned {
        canvas.text(name, left + middle + 4, top + side + 12, size: size, anchor: .end, turn: -45)
      } else {
        canvas.text(name, left + middle, top + side + 15, size: size, anchor: .middle)
      }
    }
  }
}
