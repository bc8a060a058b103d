import Foundation
import Training

/// A table of results, before it becomes text, Markdown or LaTeX.
struct ResultTable {
  struct Cell {
    let text: String
    /// Set in bold where the form has it: the best of its column.
    var isBest = false
  }

  let title: String
  let columns: [TextTable.Column]
  let rows: [[Cell]]

  /// For terminals; the best is marked with an asterisk where colours cannot say it.
  func text() -> String {
    let marked = columns.indices.map { column in rows.contains { $0[column].isBest } }
    let cells = rows.map { row in
      row.indices.map { row[$0].text + (row[$0].isBest ? " *" : marked[$0] ? "  " : "") }
    }
    // Digits stay below digits.
    let titles = columns.enumerated().map { TextTable.Column($1.title + (marked[$0] ? "  " : ""), $1.alignment) }
    return title + "\n\n" + TextTable(titles, rows: cells).text()
  }

  func markdown() -> String {
    "**\(title)**\n\n"
      + TextTable(columns, rows: rows.map { $0.map { $0.isBest ? "**\($0.text)**" : $0.text } }).markdown()
  }

  /// A `table` environment with the rules of the booktabs package.
  func latex() -> String {
    let places = columns.map { $0.alignment == .right ? "r" : "l" }.joined()
    var lines = [
      "\\begin{table}[t]", "  \\centering", "  \\caption{\(Self.escaped(title)).}", "  \\begin{tabular}{\(places)}",
      "    \\toprule", "    " + columns.map { Self.escaped($0.title) }.joined(separator: " & ") + " \\\\",
      "    \\midrule",
    ]
    lines += rows.map { row in
      "    "
        + row.map { $0.isBest ? "\\textbf{\(Self.escaped($0.text))}" : Self.escaped($0.text) }.joined(separator: " & ")
        + " \\\\"
    }
    return (lines + ["    \\bottomrule", "  \\end{tabular}", "\\end{table}"]).joined(separator: "\n") + "\n"
  }

  /// Text for LaTeX: its special characters escaped, signs that its fonts lack in mathematics.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": result += "\\\(character)"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "\\": result += "\\textbackslash{}"
      case "±": result += "$\\pm$"
      case "−": result += "$-$"
      case "×": result += "$\\times$"
      case "<": result += "$<$"
      case ">": result += "$>$"
      case "≈": result += "$\\approx$"
      case "—": result += "---"
      case "–": result += "--"
      default: result.append(character)
      }
    }
    return result
  }
}

/// Which tables `compare` shows.
public enum ResultTableKind: String, Sendable, CaseIterable {
  /// A row an experiment: the report's Tables 3 and 4.
  case rows
  /// The best experiment of each model: the report's Table 2.
  case best
  /// Two settings against each other, a table a model.
  case grid
}

extension ResultComparison {
  /// The tables that say something: all rows; the best of each model where a model has several; a grid where two settings vary.
  public var usefulTables: [ResultTableKind] {
    let models = Set(rows.map(\.model))
    let hasChoice = models.count > 1 && rows.count > models.count
    let crossed = factors.count == 2 && factorValues.allSatisfy { $0.count > 1 } && rows.count > 3
    return [.rows] + (hasChoice ? [.best] : []) + (crossed ? [.grid] : [])
  }

  func tables(_ kinds: [ResultTableKind]) -> [ResultTable] {
    kinds.flatMap { kind in
      switch kind {
      case .rows: [table("Results on the test set", Array(rows.indices))]
      case .best: [table("Best experiment of each model by test accuracy", bestOfModels)]
      case .grid: grids
      }
    }
  }

  private func table(_ title: String, _ indices: [Int]) -> ResultTable {
    let shown = Array(factors.indices.prefix(5))
    let showsModel = hasModels || shown.isEmpty
    let hasSeeds = rows.contains { $0.runs.count > 1 }
    var columns: [TextTable.Column] = showsModel ? [.init("model")] : []
    columns += shown.map { index in
      .init(factors[index], factorValues[index].allSatisfy { Double($0) != nil || $0 == "—" } ? .right : .left)
    }
    if hasSeeds { columns.append(.init("runs", .right)) }
    columns += [.init("accuracy %", .right), .init("95% interval", .right)]
    columns += [.init("UAR %", .right), .init("F1", .right), .init("precision", .right)]
    let isTested = rows.count > 1
    if isTested { columns += [.init("difference", .right), .init("p", .right), .init("")] }
    let best = indices.max { (rows[$0].accuracy, $1) < (rows[$1].accuracy, $0) }
    return ResultTable(
      title: title, columns: columns,
      rows: indices.map { index in
        let row = rows[index]
        var cells = showsModel ? [ResultTable.Cell(text: row.model)] : []
        cells += shown.map { ResultTable.Cell(text: row.settings[$0]) }
        if hasSeeds { cells.append(.init(text: "\(row.runs.count)")) }
        cells.append(.init(text: ResultText.percent(row.figure("accuracy")), isBest: index == best && isTested))
        cells.append(.init(text: ResultText.interval(row.figure("accuracy")?.interval)))
        cells.append(.init(text: ResultText.percent(row.figure("uar"))))
        cells.append(.init(text: ResultText.share(row.figure("f1_weighted"))))
        cells.append(.init(text: ResultText.share(row.figure("precision_weighted"))))
        if isTested { cells += ResultText.standing(row).map { .init(text: $0) } }
        return cells
      })
  }

  /// The first two settings against each other; where more vary, the best of what falls together.
  private var grids: [ResultTable] {
    guard factors.count >= 2 else { return [] }
    var models: [String] = []
    for row in rows where !models.contains(row.model) { models.append(row.model) }
    return models.map { model in
      let own = rows.indices.filter { rows[$0].model == model }
      let best = own.max { (rows[$0].accuracy, $1) < (rows[$1].accuracy, $0) }
      let isNumber = factorValues[0].allSatisfy { Double($0) != nil }
      return ResultTable(
        title: "Test accuracy in % by \(factors[0]) and \(factors[1])" + (hasModels ? ": \(model)" : ""),
        columns: [.init(factors[0], isNumber ? .right : .left)]
          + factorValues[1].map { .init("\(factors[1]) \($0)", .right) },
        rows: factorValues[0].compactMap { value in
          let line = own.filter { rows[$0].settings[0] == value }
          if line.isEmpty { return nil }
          return [ResultTable.Cell(text: value)]
            + factorValues[1].map { other in
              let cell = line.filter { rows[$0].settings[1] == other }.max { rows[$0].accuracy < rows[$1].accuracy }
              guard let cell else { return ResultTable.Cell(text: "—") }
              return ResultTable.Cell(text: ResultText.percent(rows[cell].figure("accuracy")), isBest: cell == best)
            }
        })
    }
  }
}
