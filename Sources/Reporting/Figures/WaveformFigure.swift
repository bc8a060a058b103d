import Foundation

/// Clips one below the other, each as a waveform and, beside it, as a log-mel spectrogram; all on one time axis.
public struct WaveformFigure: Sendable {
  public struct Row: Sendable {
    /// What the clip is an example of.
    public let title: String
    /// Such as the file's name.
    public let subtitle: String
    /// One channel.
    public let samples: [Float]
    /// Samples a second.
    public let rate: Int

    public init(title: String, subtitle: String, samples: [Float], rate: Int) {
      self.title = title
      self.subtitle = subtitle
      self.samples = samples
      self.rate = rate
    }

    var seconds: Double { Double(samples.count) / Double(rate) }
  }

  /// The heading.
  public var title: String
  /// A line below it.
  public var subtitle: String
  public var rows: [Row]
  /// Up to where spectrograms go, in Hz.
  public var highest: Double

  public init(title: String, subtitle: String, rows: [Row], highest: Double) {
    self.title = title
    self.subtitle = subtitle
    self.rows = rows
    self.highest = highest
  }

  private static let (left, right) = (66.0, 78.0)
  private static let panelWidth = 390.0
  private static let gap = 66.0
  private static let (top, bottom) = (74.0, 46.0)
  private static let (rowHeight, panelHeight) = (112.0, 82.0)
  private static let width = left + panelWidth + gap + panelWidth + right

  /// The figure as an SVG document.
  public func svg() -> String {
    let height = Self.top + Double(rows.count) * Self.rowHeight + Self.bottom - 6
    var canvas = SVGCanvas(width: Self.width, height: height, title: title)
    canvas.text(title, Self.left, 26, size: FigureStyle.titleSize + 1, bold: true)
    canvas.text(
      LetterWidth.fitted(subtitle, size: FigureStyle.labelSize, into: Self.width - Self.left - 20), Self.left, 45,
      size: FigureStyle.labelSize, fill: FigureStyle.quiet)
    let seconds = max(rows.map(\.seconds).max() ?? 1, 1e-3)
    let spectrogramLeft = Self.left + Self.panelWidth + Self.gap
    for (index, row) in rows.enumerated() {
      let y = Self.top + Double(index) * Self.rowHeight + 22
      drawTitle(row, on: &canvas, y: y - 8)
      let isLast = index == rows.count - 1
      drawTimes(on: &canvas, x: Self.left, y: y, seconds: seconds, labels: isLast)
      drawWaveform(row, on: &canvas, x: Self.left, y: y, seconds: seconds)
      drawSpectrogram(row, on: &canvas, x: spectrogramLeft, y: y, seconds: seconds, labels: isLast)
    }
    let middle = Self.top + 22 + (Double(rows.count - 1) * Self.rowHeight + Self.panelHeight) / 2
    canvas.text("amplitude (1 is full scale)", 16, middle, size: FigureStyle.labelSize, anchor: .middle, turn: -90)
    canvas.text(
      "frequency (kHz)", spectrogramLeft - 34, middle, size: FigureStyle.labelSize, anchor: .middle, turn: -90)
    drawScale(on: &canvas, x: spectrogramLeft + Self.panelWidth + 18, y: Self.top + 22)
    return canvas.document
  }

  private func drawTitle(_ row: Row, on canvas: inout SVGCanvas, y: Double) {
    canvas.text(row.title, Self.left, y, size: FigureStyle.labelSize + 1, bold: true)
    let start = LetterWidth.of(row.title, size: FigureStyle.labelSize + 1, bold: true) + 14
    let name = LetterWidth.fitted(row.subtitle, size: FigureStyle.tickSize, into: Self.panelWidth - start)
    canvas.text(name, Self.left + Self.panelWidth, y, size: FigureStyle.tickSize, fill: FigureStyle.quiet, anchor: .end)
  }

  /// The time axis of a panel: marks, and in the last row numbers.
  private func drawTimes(
    on canvas: inout SVGCanvas, x: Double, y: Double, seconds: Double, labels: Bool, grid: Bool = true
  ) {
    let bottom = y + Self.panelHeight
    let marks = Ticks(from: 0, to: seconds, count: 7)
    for (value, label) in zip(marks.values, marks.labels) {
      let place = x + value / seconds * Self.panelWidth
      if grid { canvas.line(place, y, place, bottom, stroke: FigureStyle.grid) }
      canvas.line(place, bottom, place, bottom + 4, stroke: FigureStyle.axis)
      if labels {
        canvas.text(label, place, bottom + 16, size: FigureStyle.tickSize, fill: FigureStyle.quiet, anchor: .middle)
      }
    }
    canvas.line(x, bottom, x + Self.panelWidth, bottom, stroke: FigureStyle.axis)
    if labels {
      canvas.text(
        "time (s)", x + Self.panelWidth / 2, bottom + 34, size: FigureStyle.labelSize, anchor: .middle)
    }
  }

  private func drawWaveform(_ row: Row, on canvas: inout SVGCanvas, x: Double, y: Double, seconds: Double) {
    let peak = max(Double(row.samples.reduce(0) { max($0, abs($1)) }), 1e-6)
    let limit = peak * 1.06
    func down(_ value: Double) -> Double { y + Self.panelHeight * (0.5 - value / limit / 2) }
    let marks = Ticks(from: -limit, to: limit, count: 5)
    for (value, label) in zip(marks.values, marks.labels) {
      canvas.line(x, down(value), x + Self.panelWidth, down(value), stroke: FigureStyle.grid)
      canvas.text(label, x - 7, down(value) + 3.8, size: FigureStyle.tickSize, fill: FigureStyle.quiet, anchor: .end)
    }
    if let factor = marks.factor {
      canvas.text(factor, x - 7, y - 8, size: FigureStyle.tickSize, fill: FigureStyle.quiet, anchor: .end)
    }
    canvas.polygon(outline(row, x: x, seconds: seconds, down: down), fill: FigureStyle.lines[0])
  }

  /// The largest and smallest sample of each stretch that takes half a unit, there and back.
  private func outline(
    _ row: Row, x: Double, seconds: Double, down: (Double) -> Double
  ) -> [(x: Double, y: Double)] {
    let columns = max(1, Int(row.seconds / seconds * Self.panelWidth * 2))
    var (upper, lower): ([(x: Double, y: Double)], [(x: Double, y: Double)]) = ([], [])
    for column in 0..<columns {
      let first = column * row.samples.count / columns
      let last = max(first + 1, (column + 1) * row.samples.count / columns)
      let stretch = row.samples[first..<min(last, row.samples.count)]
      let (most, least) = (Double(stretch.max() ?? 0), Double(stretch.min() ?? 0))
      let place = x + Double(column) / 2
      // A line of silence is seen as one.
      upper.append((place, down(most) - 0.25))
      lower.append((place, down(least) + 0.25))
    }
    return upper + lower.reversed()
  }

  private func drawSpectrogram(
    _ row: Row, on canvas: inout SVGCanvas, x: Double, y: Double, seconds: Double, labels: Bool
  ) {
    let image = LogMelImage(row.samples, rate: row.rate, highest: highest)
    let bottom = y + Self.panelHeight
    // As much of the axis as the clip does not fill stays as it is, so that its end can be seen.
    canvas.image(
      x, y, row.seconds / seconds * Self.panelWidth, Self.panelHeight, png: image.png,
      title: "log-mel spectrogram of \(row.title)")
    for kilohertz in [0, 0.5, 1, 2, 4, 8, 16] where kilohertz * 1000 <= image.highest {
      let place = bottom - image.place(of: kilohertz * 1000) * Self.panelHeight
      let text = kilohertz == 0.5 ? "0.5" : "\(Int(kilohertz))"
      canvas.line(x - 4, place, x, place, stroke: FigureStyle.axis)
      canvas.text(text, x - 7, place + 3.8, size: FigureStyle.tickSize, fill: FigureStyle.quiet, anchor: .end)
    }
    canvas.line(x, y, x, bottom, stroke: FigureStyle.axis)
    drawTimes(on: &canvas, x: x, y: y, seconds: seconds, labels: labels, grid: false)
  }

  /// What the colours stand for.
  private func drawScale(on canvas: inout SVGCanvas, x: Double, y: Double) {
    let (width, steps) = (12.0, 64)
    for step in 0..<steps {
      let share = Double(step) / Double(steps - 1)
      let height = Self.panelHeight / Double(steps)
      // Half a unit more, so that no seam shows between the steps.
      canvas.rectangle(
        x, y + Self.panelHeight - Double(step + 1) * height, width, height + (step == 0 ? 0 : 0.5),
        fill: ColourScale.colour(share))
    }
    for (value, text) in [(0.0, "−80"), (0.5, "−40"), (1.0, "0 dB")] {
      canvas.text(
        text, x + width + 5, y + Self.panelHeight * (1 - value) + 3.8, size: FigureStyle.tickSize,
        fill: FigureStyle.quiet)
    }
  }
}
