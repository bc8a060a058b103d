import Foundation
import Training

/// Numbers of results in the words of tables.
enum ResultText {
  /// `64.1`, or `64.1 ± 0.4` over several runs.
  static func percent(_ figure: ResultRow.Figure?) -> String {
    guard let figure else { return "—" }
    return number(figure.mean * 100, 1) + (figure.deviation.map { " ± " + number($0 * 100, 1) } ?? "")
  }

  /// `0.639`, or `0.639 ± 0.004`.
  static func share(_ figure: ResultRow.Figure?) -> String {
    guard let figure else { return "—" }
    return number(figure.mean, 3) + (figure.deviation.map { " ± " + number($0, 3) } ?? "")
  }

  /// `61.9–66.2`
  static func interval(_ interval: Interval?) -> String {
    interval.map { "\(number($0.lower * 100, 1))–\(number($0.upper * 100, 1))" } ?? "—"
  }

  /// Difference, p-value and verdict.
  static func standing(_ row: ResultRow) -> [String] {
    switch row.standing {
    case .baseline: ["", "", "baseline"]
    case .otherClips: ["", "", "other test clips"]
    case .tested(let test):
      [signed(test.accuracyDifference), p(test.adjusted), verdict(test)]
    }
  }

  static func verdict(_ test: ResultRow.Test) -> String {
    test.isWithinNoise ? "within noise" : test.accuracyDifference < 0 ? "worse" : "better"
  }

  /// `+1.4`, `−2.0` in percentage points.
  static func signed(_ value: Double) -> String {
    let text = number(abs(value) * 100, 1)
    return (value < 0 ? "−" : "+") + text
  }

  /// `0.032`, `<0.001`
  static func p(_ value: Double) -> String { value < 0.001 ? "<0.001" : number(value, 3) }

  static func number(_ value: Double, _ decimals: Int) -> String {
    value.isFinite ? String(format: "%.\(decimals)f", value) : "—"
  }
}

extension ResultComparison {
  /// How the numbers came about, in sentences for below a table.
  public var method: String {
    let over = unit == .speaker ? "the \(units) speakers" : "the \(units) clips"
    var text = "Intervals: percentile bootstrap of 95% over \(over) of the test set, \(draws) draws."
    if rows.contains(where: { $0.runs.count > 1 }) {
      text += " Figures are means ± standard deviations over runs of different seeds; draws take runs, too."
    }
    if rows.count > 1 {
      text +=
        " Baseline: \(rows[baseline].title)\(baselineIsBest ? ", the best" : "")."
        + " Difference: of accuracies, in percentage points. p: McNemar's mid-p on the shared test clips, adjusted by Holm."
        + " Within noise: p of 0.05 or more, or an interval of the difference that holds 0."
    }
    return text
  }

  /// What `compare` prints. Without a line break at the end.
  public func text(_ kinds: [ResultTableKind]) -> String {
    let tables = tables(kinds).map { $0.text().trimmingCharacters(in: .newlines) }
    let parts = tables + [([method] + remarks).map { wrapped($0, 110) }.joined(separator: "\n")] + differenceLines
    return parts.joined(separator: "\n\n")
  }

  /// The same as Markdown.
  public func markdown(_ kinds: [ResultTableKind]) -> String {
    var parts = tables(kinds).map { $0.markdown().trimmingCharacters(in: .newlines) } + [method]
    if !remarks.isEmpty { parts.append(remarks.map { "- \($0)" }.joined(separator: "\n")) }
    return parts.joined(separator: "\n\n")
  }

  /// The same for LaTeX with the booktabs package.
  public func latex(_ kinds: [ResultTableKind]) -> String {
    let notes = ([method] + remarks).map { "% \($0)" }.joined(separator: "\n")
    return (["% \\usepackage{booktabs}"] + tables(kinds).map { $0.latex() } + [notes]).joined(separator: "\n")
  }

  /// What specs say differently where the settings of the table do not say all of it.
  private var differenceLines: [String] {
    let others = rows.indices.filter { $0 != baseline && !rows[$0].specDifferences.isEmpty }
    guard !others.isEmpty, others.count <= 6 || hasModels || factors.count > 5 else { return [] }
    // One of each model says what sets the models apart; the settings stand in the table.
    let chosen = others.count <= 6 ? others : bestOfModels.filter { $0 != baseline }
    return chosen.prefix(8).map { index in
      let lines = rows[index].specDifferences
      let shown =
        lines.prefix(8).map { "  \($0)" } + (lines.count > 8 ? ["  and \(lines.count - 8) more: serspec diff"] : [])
      return (["\(rows[index].title), against \(rows[baseline].title):"] + shown).joined(separator: "\n")
    }
  }

  private func wrapped(_ text: String, _ width: Int) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if !last.isEmpty, DisplayWidth.of(last) + 1 + DisplayWidth.of(String(word)) > width {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = last.isEmpty ? String(word) : last + " " + word
      }
    }
    return lines.joined(separator: "\n")
  }
}
