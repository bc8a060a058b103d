import Foundation
import Training

/// The figures of a comparison.
extension ResultComparison {
  /// More lines than this nobody can follow.
  static let mostLines = 12
  static let mostBars = 6

  /// The rows to draw: all in their order, or the best where there are too many.
  func drawn(_ limit: Int) -> [Int] { rows.count <= limit ? Array(rows.indices) : ranking.prefix(limit).sorted() }

  private func note(_ limit: Int) -> String { rows.count <= limit ? "" : " (the best \(limit) of \(rows.count))" }

  private var heading: String {
    if rows.count == 1 { return rows[0].runs.count == 1 ? rows[0].first.folderName : rows[0].model }
    return hasModels ? "\(Set(rows.map(\.model)).count) models" : rows[0].model
  }

  /// What a figure says of data that is not real.
  private var synthesized: String { runs.contains(where: \.isSynthesized) ? " (synthesized speech)" : "" }

  /// Curves over epochs: of one run as the run wrote them, of several over each other.
  public func curves(columns: [String] = RunCurves.standardColumns) -> String {
    var figure = RunCurves(
      title: heading + note(Self.mostLines) + synthesized,
      lines: drawn(Self.mostLines).map { index in
        var line = RunCurves.Line(
          rows.count == 1 ? rows[index].model : rows[index].title, rows[index].runs.map(\.history))
        line.style = style(index)
        return line
      }, columns: columns)
    // Lines of one colour stand in one row.
    if let first = drawn(Self.mostLines).first, style(first) != nil { figure.legendColumns = factorValues[1].count }
    return figure.svg()
  }

  /// Where two settings vary in one model, the first is a line's colour and the second its dashes; nil for the style of its place.
  private func style(_ index: Int) -> LineStyle? {
    guard factors.count == 2, !hasModels, factorValues[0].count <= FigureStyle.lines.count,
      factorValues[1].count <= LineStyle.dashes.count,
      let colour = factorValues[0].firstIndex(of: rows[index].settings[0]),
      let dash = factorValues[1].firstIndex(of: rows[index].settings[1])
    else { return nil }
    return LineStyle(colour: FigureStyle.lines[colour], dash: LineStyle.dashes[dash])
  }

  /// The learning rate over epochs; experiments of one schedule share a line.
  public var learningRate: String {
    var lines: [(names: [String], history: RunRecord.History)] = []
    for row in rows {
      guard let values = row.first.history["learning_rate"] else { continue }
      if let index = lines.firstIndex(where: { $0.history["learning_rate"] == values }) {
        lines[index].names.append(row.title)
      } else {
        lines.append(([row.title], row.first.history))
      }
    }
    let place = factors.firstIndex(of: "lr")
    let named = lines.map { line -> RunCurves.Line in
      let row = rows.first { $0.title == line.names[0] }
      let more = line.names.count > 1 ? " and \(line.names.count - 1) more" : ""
      let name = place.flatMap { place in row.map { "lr \($0.settings[place])" } } ?? line.names[0] + more
      return RunCurves.Line(name, [line.history])
    }
    var figure = RunCurves(title: heading, lines: Array(named.prefix(Self.mostLines)), columns: ["learning_rate"])
    // Rates of several sizes can be read only by powers of ten.
    let peaks = figure.lines.compactMap { $0.runs[0]["learning_rate"]?.max() }.filter { $0 > 0 }
    if let least = peaks.min(), let most = peaks.max(), most > 5 * least { figure.logarithmic = ["learning_rate"] }
    return figure.svg()
  }

  /// The confusion matrix of one experiment, or small ones of several.
  public func confusion(counts: Bool = false) -> String {
    if rows.count == 1, !counts {
      let row = rows[0]
      return ConfusionFigure(
        title: heading + synthesized, subtitle: subtitle(row), matrix: row.confusion, classNames: row.first.classNames
      ).svg()
    }
    let classes = rows[baseline].first.classNames
    let shown = rows.indices.filter { rows[$0].first.classNames == classes }
    // A grid of settings keeps its shape.
    let columns =
      factors.count == 2 && factorValues[1].count * factorValues[0].count == shown.count
      ? factorValues[1].count : 3
    return ConfusionGrid(
      title: heading + synthesized,
      panels: shown.map { .init(title: rows[$0].title, subtitle: subtitle(rows[$0]), matrix: rows[$0].confusion) },
      classNames: classes, showsCounts: counts, columns: min(columns, 4)
    ).svg()
  }

  /// F1 of each class.
  public var classScores: String {
    let classes = rows[baseline].first.classNames
    let shown = drawn(Self.mostBars).filter { rows[$0].first.classNames == classes }
    return ClassScores(
      title: heading + note(Self.mostBars) + synthesized,
      series: shown.map { index in
        .init(name: rows[index].title, runs: rows[index].runs.map { $0.test.perClass.map(\.f1) })
      }, classNames: classes
    ).svg()
  }

  private func subtitle(_ row: ResultRow) -> String {
    "accuracy \(ResultText.percent(row.figure("accuracy")))%, UAR \(ResultText.percent(row.figure("uar")))%"
  }

  /// `fear is most often taken for sad (31 of 102 clips, 30%), then ...`
  public static func confusedPairs(_ matrix: ConfusionMatrix, _ classNames: [String]) -> String {
    let pairs = matrix.mostConfused(3)
    if pairs.isEmpty { return "No clip of the test set was taken for another class." }
    let texts = pairs.map { pair in
      "\(classNames[pair.truth]) taken for \(classNames[pair.prediction]) "
        + "(\(pair.count) of \(matrix.support(pair.truth)), \(String(format: "%.0f", pair.share * 100))%)"
    }
    let list = texts.count == 1 ? texts[0] : texts.dropLast().joined(separator: ", ") + " and " + texts[texts.count - 1]
    return "Most often confused: \(list)."
  }
}
