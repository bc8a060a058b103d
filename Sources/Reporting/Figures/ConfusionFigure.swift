import Foundation
import Training

/// `confusion.svg`: a confusion matrix, each cell with its share of the row and its count, coloured by the share.
public struct ConfusionFigure: Sendable {
  /// The heading.
  public var title: String
  /// A line below it, such as the figures of the test set.
  public var subtitle: String
  public var matrix: ConfusionMatrix
  /// In index order, as many as the matrix has classes.
  public var classNames: [String]

  public init(title: String, subtitle: String, matrix: ConfusionMatrix, classNames: [String]) {
    precondition(classNames.count == matrix.classes, "every class has a name")
    self.title = title
    self.subtitle = subtitle
    self.matrix = matrix
    self.classNames = classNames
  }

  /// Where everything is.
  private struct Measures {
    let cell: Double
    let left: Double
    let top: Double
    let side: Double
    let labelsTurned: Bool
    let labelHeight: Double

    static let longestLabel = 130.0

    init(_ classNames: [String]) {
      let count = classNames.count
      cell = count <= 6 ? 68 : count <= 8 ? 60 : count <= 14 ? 52 : count <= 24 ? 36 : 20
      side = cell * Double(count)
      let widest = min(
        Self.longestLabel, classNames.map { LetterWidth.of($0, size: FigureStyle.labelSize) }.max() ?? 0)
      left = 44 + widest + 10
      top = 74
      labelsTurned = widest > cell - 4
      labelHeight = labelsTurned ? widest * 0.71 + 22 : 24
    }

    static let scaleGap = 62.0
    static let scaleWidth = 14.0
    static let scaleLabels = 46.0
    var width: Double { left + side + Self.scaleGap + Self.scaleWidth + Self.scaleLabels }
    var height: Double { top + side + labelHeight + 30 }
  }

  /// The figure as an SVG document.
  public func svg() -> String {
    let measures = Measures(classNames)
    // A short matrix may have a long heading.
    let heading =
      20 + max(LetterWidth.of(title, size: 16, bold: true), LetterWidth.of(subtitle, size: FigureStyle.labelSize))
    let width = min(max(measures.width, heading + 20), measures.width + 160)
    var canvas = SVGCanvas(width: width, height: measures.height, title: "Confusion matrix of \(title)")
    canvas.text(LetterWidth.fitted(title, size: 16, bold: true, into: width - 40), 20, 28, size: 16, bold: true)
    canvas.text(
      LetterWidth.fitted(subtitle, size: FigureStyle.labelSize, into: width - 40), 20, 48, size: FigureStyle.labelSize,
      fill: FigureStyle.quiet)
    drawCells(on: &canvas, measures)
    drawLabels(on: &canvas, measures)
    drawScale(on: &canvas, measures)
    return canvas.document
  }

  private func drawCells(on canvas: inout SVGCanvas, _ measures: Measures) {
    let cell = measures.cell
    let shares = matrix.rowShares
    for truth in 0..<matrix.classes {
      for prediction in 0..<matrix.classes {
        let x = measures.left + Double(prediction) * cell
        let y = measures.top + Double(truth) * cell
        let share = shares[truth][prediction]
        let count = matrix[truth: truth, prediction: prediction]
        canvas.rectangle(
          x + 0.5, y + 0.5, cell - 1, cell - 1, fill: ColourScale.colour(share),
          tooltip: "\(classNames[truth]) taken for \(classNames[prediction]): \(count), \(Self.percent(share))")
        if cell < 30 { continue }
        // Empty cells stay quiet, so that what happened stands out.
        let ink = ColourScale.isDark(share) ? FigureStyle.background : count == 0 ? "#a9b0b8" : FigureStyle.ink
        let large = cell >= 50
        canvas.text(
          Self.percent(share), x + cell / 2, y + cell / 2 + (large ? 0 : 4), size: large ? 14 : 10.5, fill: ink,
          anchor: .middle, bold: truth == prediction)
        if large { canvas.text(String(count), x + cell / 2, y + cell / 2 + 15, size: 10, fill: ink, anchor: .middle) }
      }
    }
  }

  private func drawLabels(on canvas: inout SVGCanvas, _ measures: Measures) {
    let size = FigureStyle.labelSize
    let bottom = measures.top + measures.side
    for (index, name) in classNames.enumerated() {
      let short = LetterWidth.fitted(name, size: size, into: Measures.longestLabel)
      let middle = (Double(index) + 0.5) * measures.cell
      canvas.text(short, measures.left - 8, measures.top + middle + 4, size: size, anchor: .end)
      if measures.labelsTurned {
        canvas.text(short, measures.left + middle + 4, bottom + 14, size: size, anchor: .end, turn: -45)
      } else {
        canvas.text(short, measures.left + middle, bottom + 17, size: size, anchor: .middle)
      }
      canvas.text(
        String(matrix.support(index)), measures.left + measures.side + 8, measures.top + middle + 4, size: 11,
        fill: FigureStyle.quiet)
    }
    canvas.text("clips", measures.left + measures.side + 8, measures.top - 6, size: 11, fill: FigureStyle.quiet)
    canvas.text("true class", 26, measures.top + measures.side / 2, size: size, anchor: .middle, bold: true, turn: -90)
    canvas.text(
      "predicted class", measures.left + measures.side / 2, bottom + measures.labelHeight + 16, size: size,
      anchor: .middle, bold: true)
  }

  private func drawScale(on canvas: inout SVGCanvas, _ measures: Measures) {
    let x = measures.left + measures.side + Measures.scaleGap
    let height = min(measures.side, 320)
    let bands = 64
    for band in 0..<bands {
      let value = (Double(band) + 0.5) / Double(bands)
      let top = measures.top + (1 - Double(band + 1) / Double(bands)) * height
      // A little overlap hides seams between bands.
      canvas.rectangle(
        x, top, Measures.scaleWidth, height / Double(bands) + (band == 0 ? 0 : 0.5), fill: ColourScale.colour(value))
    }
    for mark in stride(from: 0.0, through: 1, by: 0.25) {
      let y = measures.top + (1 - mark) * height
      canvas.line(x + Measures.scaleWidth, y, x + Measures.scaleWidth + 4, y, stroke: FigureStyle.axis)
      canvas.text(
        Self.percent(mark), x + Measures.scaleWidth + 7, y + 3.8, size: FigureStyle.tickSize, fill: FigureStyle.quiet)
    }
  }

  /// A whole percentage, and never 0% or 100% for what is a little more or less.
  private static func percent(_ share: Double) -> String {
    if share > 0, share < 0.005 { return "<1%" }
    if share < 1, share >= 0.995 { return ">99%" }
    return String(format: "%.0f%%", share * 100)
  }
}
