import Foundation
import Training

/// The F1 score of each class as bars, one colour an experiment.
public struct ClassScores: Sendable {
  public struct Series: Sendable {
    public let name: String
    /// F1 of each class, a list a run.
    public let runs: [[Double]]

    public init(name: String, runs: [[Double]]) {
      self.name = name
      self.runs = runs
    }
  }

  public var title: String
  public var series: [Series]
  public var classNames: [String]

  public init(title: String, series: [Series], classNames: [String]) {
    self.title = title
    self.series = series
    self.classNames = classNames
  }

  /// The figure as an SVG document.
  public func svg() -> String {
    let bar = series.count == 1 ? 34.0 : series.count <= 3 ? 18 : 12
    let group = max(bar * Double(series.count) + 26, 64)
    let (left, margin) = (58.0, 16.0)
    let plot = max(
      group * Double(classNames.count), 380, min(600, LetterWidth.of(title, size: 16, bold: true)))
    let step = plot / Double(max(1, classNames.count))
    let legend = FigureLegend(series.enumerated().map { ($1.name, LineStyle(colour: colour($0), dash: nil)) })
    let legendHeight = series.count > 1 ? legend.height(in: plot) + 8 : 0
    let top = 46 + legendHeight + 14
    let bottom = top + 210
    let longest = classNames.map { LetterWidth.of($0, size: FigureStyle.labelSize) }.max() ?? 0
    let isTurned = longest > step - 6
    let below = isTurned ? min(longest, 110) * 0.71 + 26 : 28
    var canvas = SVGCanvas(
      width: left + plot + margin, height: bottom + below + 10, title: "F1 of each class: \(title)")
    canvas.text(LetterWidth.fitted(title, size: 16, bold: true, into: plot), left, 28, size: 16, bold: true)
    if series.count > 1 { legend.draw(on: &canvas, x: left, y: 44, width: plot) }
    for mark in stride(from: 0.0, through: 1.0, by: 0.2) {
      let y = bottom - mark * (bottom - top)
      canvas.line(left, y, left + plot, y, stroke: mark == 0 ? FigureStyle.axis : FigureStyle.grid)
      canvas.text(
        String(format: "%.1f", mark), left - 7, y + 3.8, size: FigureStyle.tickSize, fill: FigureStyle.quiet,
        anchor: .end)
    }
    canvas.text("F1", 22, (top + bottom) / 2, size: FigureStyle.labelSize, anchor: .middle, bold: true, turn: -90)
    for (label, name) in classNames.enumerated() {
      let middle = left + (Double(label) + 0.5) * step
      drawGroup(label, on: &canvas, left: middle - bar * Double(series.count) / 2, bar: bar, top: top, bottom: bottom)
      let text = LetterWidth.fitted(name, size: FigureStyle.labelSize, into: isTurned ? 110 : step)
      if isTurned {
        canvas.text(text, middle + 4, bottom + 15, size: FigureStyle.labelSize, anchor: .end, turn: -40)
      } else {
        canvas.text(text, middle, bottom + 18, size: FigureStyle.labelSize, anchor: .middle)
      }
    }
    return canvas.document
  }

  private func drawGroup(
    _ label: Int, on canvas: inout SVGCanvas, left: Double, bar: Double, top: Double, bottom: Double
  ) {
    for (index, line) in series.enumerated() {
      let values = line.runs.compactMap { $0.indices.contains(label) ? $0[label] : nil }
      let middle = mean(values)
      guard middle.isFinite else { continue }
      let x = left + Double(index) * bar
      func down(_ value: Double) -> Double { bottom - min(1, max(0, value)) * (bottom - top) }
      canvas.rectangle(
        x + 1, down(middle), bar - 2, bottom - down(middle), fill: colour(index),
        tooltip: "\(line.name), \(classNames[label]): F1 \(ResultText.number(middle, 3))")
      var head = down(middle)
      if let spread = deviation(values) {
        let centre = x + bar / 2
        head = down(middle + spread)
        canvas.line(centre, head, centre, down(middle - spread), stroke: FigureStyle.ink, width: 1.2)
        canvas.line(centre - 3, head, centre + 3, head, stroke: FigureStyle.ink, width: 1.2)
        canvas.line(
          centre - 3, down(middle - spread), centre + 3, down(middle - spread), stroke: FigureStyle.ink, width: 1.2)
      }
      if series.count == 1 {
        canvas.text(
          ResultText.number(middle, 2), x + bar / 2, head - 5, size: FigureStyle.tickSize, anchor: .middle)
      }
    }
  }

  private func colour(_ index: Int) -> String { FigureStyle.lines[index % FigureStyle.lines.count] }
}
