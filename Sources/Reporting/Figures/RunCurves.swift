import Foundation
import Training

/// Training and validation curves of several runs over each other: the report's Figures 4 and 5. Each experiment is one line, the mean of its
/// runs, with a band from the lowest to the highest where there are several.
public struct RunCurves: Sendable {
  /// One line in every panel.
  public struct Line: Sendable {
    public let name: String
    public let runs: [RunRecord.History]
    /// nil for that of its place.
    var style: LineStyle?

    public init(_ name: String, _ runs: [RunRecord.History]) {
      self.name = name
      self.runs = runs
    }
  }

  public var title: String
  public var lines: [Line]
  /// The columns of `metrics.csv` that have a panel each.
  public var columns: [String]
  /// Columns whose axis goes by powers of ten.
  var logarithmic: Set<String> = []
  /// How many names stand in a row of the legend, if there is room; nil for as many as there is room for.
  var legendColumns: Int?

  public init(title: String, lines: [Line], columns: [String] = Self.standardColumns) {
    self.title = title
    self.lines = lines
    self.columns = columns
  }

  public static let standardColumns = ["train.loss", "val.loss", "train.accuracy", "val.accuracy"]

  /// The figure as an SVG document.
  public func svg() -> String {
    let shown = columns.filter { column in lines.contains { $0.runs.contains { $0[column] != nil } } }
    let across = shown.count == 1 ? 1 : 2
    let (width, height) = (shown.count == 1 ? 520.0 : 400.0, shown.count == 1 ? 320.0 : 260.0)
    let margin = 16.0
    let legend = FigureLegend(
      lines.enumerated().map { ($1.name, $1.style ?? LineStyle.of($0)) }, columns: legendColumns)
    let legendWidth = width * Double(across) - LinePanel.leftWidth
    let legendHeight = lines.count > 1 ? legend.height(in: legendWidth) + 14 : 0
    let rows = max(1, (shown.count + across - 1) / across)
    var canvas = SVGCanvas(
      width: margin * 2 + width * Double(across), height: 44 + legendHeight + height * Double(rows) + margin,
      title: "Curves of \(title)")
    let left = margin + LinePanel.leftWidth
    canvas.text(
      LetterWidth.fitted(title, size: 16, bold: true, into: legendWidth), left, 28, size: 16, bold: true)
    if lines.count > 1 { legend.draw(on: &canvas, x: left, y: 48, width: legendWidth) }
    for (index, column) in shown.enumerated() {
      var panel = LinePanel(
        title: Self.name(of: column), series: series(column), hasLegend: false, isShare: Self.isShare(column),
        markedEpoch: nil, markLabel: "", markedSeries: nil)
      panel.isCompact = true
      panel.isLogarithmic = logarithmic.contains(column)
      panel.draw(
        on: &canvas, x: margin + width * Double(index % across),
        y: 48 + legendHeight + height * Double(index / across), width: width, height: height - 14)
    }
    return canvas.document
  }

  private func series(_ column: String) -> [LinePanel.Series] {
    lines.enumerated().map { index, line in
      let runs = line.runs.compactMap { $0[column] }
      let count = runs.map(\.count).max() ?? 0
      // Runs that ended early count as long as they last.
      let epochs = (0..<count).map { epoch in runs.compactMap { epoch < $0.count ? $0[epoch] : nil } }
      return LinePanel.Series(
        name: line.name, values: epochs.map(mean), style: line.style ?? LineStyle.of(index),
        band: runs.count > 1 ? epochs.map { ($0.min() ?? .nan, $0.max() ?? .nan) } : nil)
    }
  }

  private static func isShare(_ column: String) -> Bool { !column.hasSuffix("loss") && column != "learning_rate" }

  /// `val.f1_weighted` as `Validation weighted F1`.
  static func name(of column: String) -> String {
    if column == "learning_rate" { return "Learning rate" }
    let parts = column.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return column }
    return (parts[0] == "train" ? "Training " : "Validation ") + figureName(parts[1])
  }

  /// `f1_weighted` as `weighted F1`.
  static func figureName(_ name: String) -> String {
    if name == "uar" { return "UAR" }
    let parts = name.split(separator: "_").map { $0 == "f1" ? "F1" : String($0) }
    return parts.count == 2 ? "\(parts[1]) \(parts[0])" : name
  }
}

/// How a line looks: colours first, then dashes, so that a dozen lines can be told apart on paper, too.
struct LineStyle: Sendable {
  let colour: String
  let dash: String?

  static let dashes: [String?] = [nil, "6 3", "2 2.5", "8 3 2 3"]

  /// The style of the line at `index`.
  static func of(_ index: Int) -> LineStyle {
    let colours = FigureStyle.lines
    return LineStyle(colour: colours[index % colours.count], dash: dashes[index / colours.count % dashes.count])
  }
}

/// Names of lines with a piece of each, in as many rows as they need.
struct FigureLegend {
  private let entries: [(name: String, style: LineStyle)]
  private let most: Int
  static let rowHeight = 19.0

  /// - Parameter columns: at most so many names in a row.
  init(_ entries: [(String, LineStyle)], columns: Int? = nil) {
    self.entries = entries.map { (name: $0.0, style: $0.1) }
    most = columns ?? entries.count
  }

  func height(in width: Double) -> Double { Double(places(in: width).last.map { $0.row + 1 } ?? 0) * Self.rowHeight }

  /// - Parameter y: of the top of the first row.
  func draw(on canvas: inout SVGCanvas, x: Double, y: Double, width: Double) {
    for (entry, place) in zip(entries, places(in: width)) {
      let (left, middle) = (x + place.x, y + Double(place.row) * Self.rowHeight + 9)
      canvas.line(left, middle, left + 22, middle, stroke: entry.style.colour, width: 2.2, dash: entry.style.dash)
      canvas.text(
        LetterWidth.fitted(entry.name, size: FigureStyle.labelSize, into: width - 28), left + 28, middle + 4,
        size: FigureStyle.labelSize)
    }
  }

  /// Columns of equal width, so that rows align.
  private func places(in width: Double) -> [(x: Double, row: Int)] {
    let widest = entries.map { LetterWidth.of($0.name, size: FigureStyle.labelSize) + 28 + 18 }.max() ?? 0
    let columns = max(1, min(most, entries.count, Int(width / max(1, widest))))
    return entries.indices.map { (x: widest * Double($0 % columns), row: $0 / columns) }
  }
}
