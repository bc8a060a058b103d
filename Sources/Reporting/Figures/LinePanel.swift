import Foundation

/// One pair of axes with lines over epochs.
struct LinePanel {
  struct Series {
    let name: String
    /// One value an epoch, from epoch 1; NaN leaves a gap.
    let values: [Double]
    let style: LineStyle
    /// The lowest and highest of what the line is the mean of, one pair an epoch; nil where it stands for itself.
    let band: [(lower: Double, upper: Double)]?

    var colour: String { style.colour }

    init(name: String, values: [Double], style: LineStyle, band: [(lower: Double, upper: Double)]? = nil) {
      self.name = name
      self.values = values
      self.style = style
      self.band = band
    }

    /// The same with the logarithms of its values.
    var logarithmic: Series {
      func exponent(_ value: Double) -> Double { value > 0 ? log10(value) : .nan }
      return Series(
        name: name, values: values.map(exponent), style: style,
        band: band?.map { (exponent($0.lower), exponent($0.upper)) })
    }

    init(name: String, values: [Double], colour: String) {
      self.init(name: name, values: values, style: LineStyle(colour: colour, dash: nil))
    }
  }

  let title: String
  let series: [Series]
  /// Whether the lines are named below the title.
  let hasLegend: Bool
  /// Values are shares: marked in percent, and the axis stays within 0 to 1.
  let isShare: Bool
  /// The epoch that a dashed line marks.
  let markedEpoch: Int?
  /// What is written at that line; empty for nothing.
  let markLabel: String
  /// The name of the series that has a dot at the marked epoch.
  let markedSeries: String?

  /// The panel stands beside none with a legend, and keeps no room for one.
  var isCompact = false
  /// The axis goes by powers of ten; values that are not positive leave gaps.
  var isLogarithmic = false

  private var titleHeight: Double { isCompact ? 27 : 46 }
  static let bottomHeight = 40.0
  static let leftWidth = 46.0
  static let rightWidth = 12.0

  /// Draws the panel into a box, titles and axis labels included.
  func draw(on canvas: inout SVGCanvas, x: Double, y: Double, width: Double, height: Double) {
    let left = x + Self.leftWidth
    let right = x + width - Self.rightWidth
    let top = y + titleHeight
    let bottom = y + height - Self.bottomHeight
    let epochs = max(1, series.map(\.values.count).max() ?? 1)
    let (lower, upper) = range
    func across(_ epoch: Int) -> Double {
      epochs == 1 ? (left + right) / 2 : left + Double(epoch - 1) / Double(epochs - 1) * (right - left)
    }
    func down(_ value: Double) -> Double { bottom - (value - lower) / (upper - lower) * (bottom - top) }
    let series = isLogarithmic ? self.series.map(\.logarithmic) : self.series

    drawTitle(on: &canvas, x: left, y: y, right: right)
    let marks = Ticks(from: lower, to: upper, count: 8, wholeNumbers: isLogarithmic, percent: isShare)
    let labels = isLogarithmic ? marks.values.map { Ticks.power(Int($0)) } : marks.labels
    for (value, label) in zip(marks.values, labels) {
      canvas.line(left, down(value), right, down(value), stroke: FigureStyle.grid)
      canvas.text(
        label, left - 6, down(value) + 3.8, size: FigureStyle.tickSize, fill: FigureStyle.quiet, anchor: .end)
    }
    if let factor = marks.factor {
      // Ends where the marks' labels end: the title begins at the axis.
      canvas.text(factor, left - 6, top - 10, size: FigureStyle.tickSize, fill: FigureStyle.quiet, anchor: .end)
    }
    let epochMarks = Ticks(from: 1, to: Double(epochs), count: 8, wholeNumbers: true)
    for (value, label) in zip(epochMarks.values, epochMarks.labels) {
      let place = across(Int(value))
      canvas.line(place, bottom, place, bottom + 4, stroke: FigureStyle.axis)
      canvas.text(label, place, bottom + 17, size: FigureStyle.tickSize, fill: FigureStyle.quiet, anchor: .middle)
    }
    canvas.line(left, bottom, right, bottom, stroke: FigureStyle.axis)
    canvas.text("epoch", (left + right) / 2, bottom + 34, size: FigureStyle.labelSize, anchor: .middle)

    if let markedEpoch {
      canvas.line(
        across(markedEpoch), top, across(markedEpoch), bottom, stroke: FigureStyle.quiet, width: 1, dash: "3 3")
    }
    for line in series {
      drawBand(line, on: &canvas) { (x: across($0), y: down($1)) }
    }
    for line in series {
      drawLine(line, on: &canvas) { (x: across($0), y: down($1)) }
    }
    if let markedEpoch {
      drawMark(at: markedEpoch, on: &canvas, top: top, right: right) { (x: across($0), y: down($1)) }
    }
  }

  /// The axis' bounds: the values with a little room, and never empty.
  private var range: (lower: Double, upper: Double) {
    let series = isLogarithmic ? self.series.map(\.logarithmic) : self.series
    let bands = series.flatMap { $0.band ?? [] }.flatMap { [$0.lower, $0.upper] }
    let finite = (series.flatMap(\.values) + bands).filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else { return (0, 1) }
    let room = most > least ? (most - least) * 0.06 : max(abs(most) * 0.1, isShare ? 0.05 : 1e-12)
    let lower = least - room
    let upper = most + room
    // No room below zero, nor above one for shares, unless there are values.
    return (least >= 0 ? max(0, lower) : lower, isShare && most <= 1 ? min(1, upper) : upper)
  }

  private func drawTitle(on canvas: inout SVGCanvas, x: Double, y: Double, right: Double) {
    canvas.text(title, x, y + 14, size: FigureStyle.titleSize, bold: true)
    guard hasLegend else { return }
    var place = x
    for line in series {
      canvas.line(place, y + 29, place + 16, y + 29, stroke: line.colour, width: 2.2)
      canvas.text(line.name, place + 21, y + 33, size: FigureStyle.labelSize)
      place += 21 + LetterWidth.of(line.name, size: FigureStyle.labelSize) + 14
    }
  }

  private func drawBand(
    _ line: Series, on canvas: inout SVGCanvas, at place: (Int, Double) -> (x: Double, y: Double)
  ) {
    let pairs = (line.band ?? []).enumerated().filter { $1.lower.isFinite && $1.upper.isFinite }
    guard pairs.count > 1 else { return }
    let upper = pairs.map { place($0.offset + 1, $0.element.upper) }
    let lower = pairs.reversed().map { place($0.offset + 1, $0.element.lower) }
    canvas.polygon(upper + lower, fill: line.colour, opacity: 0.14)
  }

  private func drawLine(
    _ line: Series, on canvas: inout SVGCanvas, at place: (Int, Double) -> (x: Double, y: Double)
  ) {
    var stretch: [(x: Double, y: Double)] = []
    func flush(_ canvas: inout SVGCanvas) {
      if stretch.count == 1 {
        canvas.circle(stretch[0].x, stretch[0].y, radius: 2.6, fill: line.colour)
      } else if stretch.count > 1 {
        canvas.polyline(stretch, stroke: line.colour, width: 1.8, dash: line.style.dash)
      }
      stretch = []
    }
    for (index, value) in line.values.enumerated() {
      if value.isFinite { stretch.append(place(index + 1, value)) } else { flush(&canvas) }
    }
    flush(&canvas)
  }

  private func drawMark(
    at epoch: Int, on canvas: inout SVGCanvas, top: Double, right: Double,
    _ place: (Int, Double) -> (x: Double, y: Double)
  ) {
    if let line = series.first(where: { $0.name == markedSeries }), line.values.indices.contains(epoch - 1),
      line.values[epoch - 1].isFinite
    {
      let dot = place(epoch, line.values[epoch - 1])
      canvas.circle(dot.x, dot.y, radius: 4, fill: line.colour, stroke: FigureStyle.background)
    }
    if markLabel.isEmpty { return }
    let x = place(epoch, 0).x
    let fits = x + 6 + LetterWidth.of(markLabel, size: FigureStyle.tickSize) < right
    canvas.text(
      markLabel, fits ? x + 6 : x - 6, top + 10, size: FigureStyle.tickSize, fill: FigureStyle.quiet,
      anchor: fits ? .start : .end, halo: true)
  }
}
