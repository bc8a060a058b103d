import Diagnostics
import Foundation
import Spec
import Training

/// `serspec report`: one page with all of a comparison, or of a single run: tables, figures, what differs, how it was computed. It needs neither
/// network nor scripts.
public struct ReportPage: Sendable {
  private let results: ResultComparison
  private let title: String

  /// - Parameter title: the heading; nil makes one from the runs.
  public init(_ results: ResultComparison, title: String? = nil) {
    self.results = results
    let models = results.rows.map(\.model).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let names = models.prefix(4).joined(separator: ", ") + (models.count > 4 ? " and \(models.count - 4) more" : "")
    self.title =
      title ?? (results.rows.count == 1 ? names : "Comparison of \(results.rows.count) experiments: \(names)")
  }

  /// The page as an HTML document.
  public var html: String {
    var body = "<header>\n<h1>\(HTML.escaped(title))</h1>\n" + HTML.paragraph(lead, kind: "lead") + "</header>\n"
    body += results.remarks.map { HTML.paragraph($0, kind: "remark") }.joined()
    body += HTML.section("results", "Results", summary)
    body += HTML.section("curves", "Training", curves)
    body += HTML.section("confusion", "Confusions", confusion)
    body += HTML.section("classes", "Classes", classes)
    body += HTML.section("differences", "What the specs say differently", differences)
    body += HTML.section("runs", "Runs", runs)
    body += HTML.section("spec", "Spec", spec)
    body += HTML.section("environment", "Environment", environment)
    return HTML.page(title: title, body: body)
  }

  private var lead: String {
    let run = results.rows[results.baseline].first
    let runs = results.runs.count == 1 ? "1 run" : "\(results.runs.count) runs"
    let corpora = results.runs.map(\.spec.corpus.name).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return
      "\(runs) on \(corpora.joined(separator: ", ")), \(run.test.confusion.total) test clips, \(run.classNames.count) classes."
  }

  // MARK: results

  private var summary: String {
    let tables = results.tables(results.usefulTables).map { HTML.table($0) }.joined()
    return (results.rows.count == 1 ? cards : leader + tables) + HTML.paragraph(results.method, kind: "method")
  }

  private var cards: String {
    let row = results.rows[0]
    func card(_ label: String, _ name: String, isPercent: Bool) -> String {
      guard let figure = row.figure(name) else { return "" }
      let value = isPercent ? ResultText.percent(figure) + "%" : ResultText.share(figure)
      let range = figure.interval.map { interval in
        isPercent
          ? ResultText.interval(interval) + "%"
          : "\(ResultText.number(interval.lower, 3))–\(ResultText.number(interval.upper, 3))"
      }
      return "<li><span>\(label)</span><b>\(value)</b><span>\(range.map { "95%: \($0)" } ?? "")</span></li>\n"
    }
    return "<ul class=\"cards\">\n" + card("accuracy", "accuracy", isPercent: true)
      + card("UAR", "uar", isPercent: true)
      + card("weighted F1", "f1_weighted", isPercent: false)
      + card("weighted precision", "precision_weighted", isPercent: false) + "</ul>\n"
  }

  /// The best in a sentence, with those that it cannot be told from.
  private var leader: String {
    let best = results.ranking[0]
    let row = results.rows[best]
    var text = "Best: \(row.title) with an accuracy of \(ResultText.percent(row.figure("accuracy")))%."
    if best == results.baseline {
      let close = results.rows.filter { row in
        if case .tested(let test) = row.standing { test.isWithinNoise } else { false }
      }
      if !close.isEmpty {
        let names =
          close.prefix(4).map(\.title).joined(separator: "; ") + (close.count > 4 ? " and \(close.count - 4) more" : "")
        text += " \(close.count) of the others \(close.count == 1 ? "is" : "are") within noise of it: \(names)."
      } else {
        text += " No other is within noise of it."
      }
    }
    return HTML.paragraph(text)
  }

  // MARK: figures

  private var curves: String {
    let single = results.runs.count == 1
    var caption = "Losses and accuracies of the training and validation sets over epochs."
    if results.rows.contains(where: { $0.runs.count > 1 }) {
      caption += " Lines are means over seeds, bands reach from the lowest to the highest run."
    }
    if results.rows.count > ResultComparison.mostLines {
      caption += " The best \(ResultComparison.mostLines) experiments are shown."
    }
    let figure = single ? singleCurves : HTML.figure(results.curves(), caption: caption)
    return figure
      + (single ? "" : HTML.figure(results.learningRate, caption: "Learning rate at the end of each epoch."))
  }

  private var singleCurves: String {
    let run = results.runs[0]
    let caption =
      "Loss, validation figures and learning rate over epochs; the dashed line marks the epoch whose weights were tested."
    return HTML.figure(RunFigures.curves(run).svg(), caption: caption)
  }

  private var confusion: String {
    let single = results.rows.count == 1
    var text = HTML.figure(
      results.confusion(),
      caption: single
        ? "Confusion matrix of the test set: share of the true class, and clips."
        : "Confusion matrices of the test set: percent of the true class.", keepsColours: true)
    if single {
      text += HTML.paragraph(
        ResultComparison.confusedPairs(results.rows[0].confusion, results.rows[0].first.classNames))
      return text
    }
    text += HTML.figure(
      results.confusion(counts: true), caption: "The same as counts of clips, added up over runs.", keepsColours: true)
    let shown = results.ranking.prefix(6)
    return text
      + HTML.list(
        shown.map { index in
          let row = results.rows[index]
          return "\(row.title). " + ResultComparison.confusedPairs(row.confusion, row.first.classNames)
        })
  }

  private var classes: String {
    let caption =
      "F1 of each class on the test set."
      + (results.rows.count > ResultComparison.mostBars
        ? " The best \(ResultComparison.mostBars) experiments are shown." : "")
    let row = results.rows[results.ranking[0]]
    let metrics = ClassificationMetrics(row.confusion)
    let columns: [TextTable.Column] = [
      .init("class"), .init("clips", .right), .init("precision", .right), .init("recall", .right), .init("F1", .right),
    ]
    let lines = zip(row.first.classNames, metrics.perClass).map { name, figures in
      [
        name, "\(figures.support / row.runs.count)", ResultText.number(figures.precision, 3),
        ResultText.number(figures.recall, 3),
        ResultText.number(figures.f1, 3),
      ].map { ResultTable.Cell(text: $0) }
    }
    let title =
      "Classes" + (results.rows.count > 1 ? " of the best experiment, \(row.title)" : "")
      + (row.runs.count > 1 ? " (\(row.runs.count) runs together)" : "")
    return HTML.figure(results.classScores, caption: caption)
      + HTML.table(ResultTable(title: title, columns: columns, rows: lines))
  }

  // MARK: records

  private var differences: String {
    let others = results.rows.indices.filter { $0 != results.baseline && !results.rows[$0].specDifferences.isEmpty }
    if others.isEmpty { return "" }
    let base = results.rows[results.baseline].title
    return HTML.paragraph("Against \(base):")
      + others.map { index in
        let row = results.rows[index]
        let lines = row.specDifferences.prefix(40)
        let more = row.specDifferences.count > 40 ? ["and \(row.specDifferences.count - 40) more"] : []
        return "<h3>\(HTML.escaped(row.title))</h3>\n<pre>"
          + (lines + more).map { HTML.escaped($0) }.joined(separator: "\n") + "</pre>\n"
      }.joined()
  }

  private var runs: String {
    let columns: [TextTable.Column] = [
      .init("experiment"), .init("directory"), .init("seed", .right), .init("accuracy %", .right),
      .init("UAR %", .right),
      .init("kept epoch", .right), .init("parameters", .right), .init("training", .right),
    ]
    let rows = results.rows.flatMap { row in
      row.runs.map { run in
        let seconds = run.summary["time"]?["train_s"]?.asNumber
        let epochs = run.summary["epochs"]?.asInteger
        return [
          row.title, run.folderName, "\(run.seed)", ResultText.number(run.test.accuracy * 100, 1),
          ResultText.number(run.test.uar * 100, 1),
          (run.bestEpoch.map(String.init) ?? "—") + (epochs.map { " of \($0)" } ?? ""),
          run.parameters.map { grouped($0) } ?? "—", seconds.map(Self.duration) ?? "—",
        ].map { ResultTable.Cell(text: $0) }
      }
    }
    return HTML.table(ResultTable(title: "", columns: columns, rows: rows), caption: false)
  }

  private static func duration(_ seconds: Double) -> String {
    seconds < 90 ? "\(ResultText.number(seconds, 1)) s" : "\(ResultText.number(seconds / 60, 1)) min"
  }

  /// The whole resolved spec, folded away.
  private var spec: String {
    let row = results.rows[results.baseline]
    return "<details>\n<summary>\(HTML.escaped("The resolved spec of \(row.title)"))</summary>\n<pre>"
      + HTML.escaped(resolvedText(row.first.spec, origins: false), keepsLines: true) + "</pre>\n</details>\n"
  }

  /// A line a property; several values where runs were computed differently.
  private var environment: String {
    var found: [(key: String, values: [String])] = []
    for run in results.runs {
      for (key, value) in Self.flat(run.environment) where key != "note" {
        if let index = found.firstIndex(where: { $0.key == key }) {
          if !found[index].values.contains(value) { found[index].values.append(value) }
        } else {
          found.append((key, [value]))
        }
      }
    }
    if found.isEmpty { return "" }
    let table = ResultTable(
      title: "", columns: [.init("property"), .init("value")],
      rows: found.map { [.init(text: $0.key), .init(text: $0.values.joined(separator: " | "))] })
    return HTML.table(table, caption: false)
  }

  private static func flat(_ json: JSON?) -> [(key: String, value: String)] {
    (json?.asObject ?? []).flatMap { key, value -> [(key: String, value: String)] in
      if value.asObject != nil { return flat(value) }
      return [(key, value.asString ?? value.text(.line))]
    }
  }
}
