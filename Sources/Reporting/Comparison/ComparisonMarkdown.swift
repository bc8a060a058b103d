import Planning
import Spec
import Training

extension ExperimentComparison {
  /// What `diff --format md` prints: tables for a review. Without a line break at the end.
  public var markdown: String {
    var parts = ["### \(code(before.title)) → \(code(after.title))"]
    if isSame { return (parts + ["No differences: both say the same experiment."]).joined(separator: "\n\n") }
    let rows = ComparisonRow.rows(of: self)
    let values = rows.filter { $0.area != .model }
    if !values.isEmpty {
      var table = TextTable([.init("area"), .init("value"), .init("change"), .init("")])
      for row in values { table.add([row.area.rawValue, code(row.name), row.kind.rawValue, row.what]) }
      parts.append(markdown(table))
    }
    let layers = rows.filter { $0.area == .model }
    if !layers.isEmpty {
      var table = TextTable([
        .init("model"), .init("change"), .init(""), .init("output shape"), .init("parameters", .right),
        .init("multiply-adds", .right),
      ])
      for row in layers {
        let hasFigures = row.count == 1
        table.add([
          code(row.name), row.kind.rawValue, row.what + (hasFigures ? "" : " (\(row.count) times)"),
          hasFigures ? row.shape : "", hasFigures ? row.parameters : "", hasFigures ? row.multiplyAdds : "",
        ])
      }
      parts.append(markdown(table))
    }
    var totals = TextTable([
      .init("total"), .init("before", .right), .init("after", .right), .init("difference", .right),
    ])
    for row in self.totals { totals.add([row.name, row.before, row.after, row.change]) }
    parts.append(markdown(totals))
    parts.append(
      [
        "- Features: \(featureText)",
        "- Splits: \(splitText)",
        "- Checkpoint: \(checkpointText)", "- Results: differ",
      ].joined(separator: "\n"))
    return parts.joined(separator: "\n\n")
  }

  private func markdown(_ table: TextTable) -> String {
    var text = table.markdown()
    text.removeLast()
    return text
  }

  private func code(_ text: String) -> String { "`\(text)`" }
}
