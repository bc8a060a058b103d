import Diagnostics
import Foundation
import Spec
import Training

/// Tables of a sweep's cells for people.
public enum SweepText {
  /// What `sweep --list` prints: a cell a row, then the time of all together and what it rests on.
  public static func list(_ plan: SweepPlan, _ estimates: [SweepEstimate], noTime: String?) -> String {
    var table = TextTable(
      [.init("cell", .right)] + plan.keys.map { .init($0) }
        + [
          .init("parameters", .right), .init("multiply-adds", .right), .init("memory", .right), .init("time", .right),
          .init("state"), .init("hash"),
        ])
    for estimate in estimates {
      let cell = estimate.cell
      table.add(
        ["\(cell.index)"] + values(cell, plan.keys)
          + [
            grouped(cell.model.graph.parameterCount), grouped(cell.model.graph.multiplyAdds),
            "\(grouped(estimate.memoryBytes / 1_000_000)) MB",
            estimate.seconds.map { (estimate.source == .measured ? "" : "~") + ProgressText.duration($0) } ?? "?",
            state(estimate.progress), String(cell.spec.hash.prefix(12)),
          ])
    }
    return table.text() + "\n" + footer(estimates, noTime: noTime)
  }

  private static func footer(_ estimates: [SweepEstimate], noTime: String?) -> String {
    let counts = CellProgress.State.allCases.compactMap { state -> String? in
      let count = estimates.count { $0.progress.state == state }
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }
    var text = "\(estimates.count) cells: \(counts.joined(separator: ", ")).\n"
    let open = estimates.filter { $0.progress.state != .finished }
    if open.isEmpty { return text }
    if let noTime { return text + "No estimate of time: \(noTime).\n" }
    let seconds = open.compactMap(\.seconds).reduce(0, +)
    let source =
      open.contains { $0.source == .cells }
      ? "by the measured times of finished cells" : "by the cost model of convolutions: a rough guess"
    text +=
      "Training what is not finished takes about \(ProgressText.duration(seconds)), one cell after the other (\(source)).\n"
    return text
  }

  /// What a sweep prints at its end: each cell with its figures on the test set, and where what failed says why.
  public static func results(_ keys: [String], _ rows: [SweepRunner.Row], logs: (Int) -> String) -> String {
    var table = TextTable(columns(keys))
    for row in rows { table.add(self.row(row, keys)) }
    let failures = rows.filter { $0.progress.state == .failed }
    guard !failures.isEmpty else { return table.text() }
    let lines = failures.map { row in
      "cell \(row.cell.index) failed: \(row.progress.message ?? "no reason is known")\n  see \(logs(row.cell.index))\n"
    }
    return table.text() + "\n" + lines.joined()
  }

  static func columns(_ keys: [String]) -> [TextTable.Column] {
    [.init("cell", .right)] + keys.map { .init($0) }
      + [
        .init("state"), .init("epoch", .right), .init("time", .right), .init("accuracy", .right), .init("UAR", .right),
      ]
  }

  static func row(_ row: SweepRunner.Row, _ keys: [String]) -> [String] {
    let progress = row.progress
    let seconds = row.seconds ?? progress.trainSeconds
    return ["\(row.cell.index)"] + values(row.cell, keys)
      + [
        row.isReused ? "reused" : progress.state.rawValue, progress.epochs.map { "\(progress.epoch)/\($0)" } ?? "",
        seconds.map(ProgressText.duration) ?? "", figure(progress.accuracy), figure(progress.uar),
      ]
  }

  /// One event for a log: `cell 3 of 27 finished in 1:23: activation=relu lr=0.01; accuracy 0.712, UAR 0.703`.
  static func line(_ row: SweepRunner.Row, of count: Int) -> String {
    var text =
      "cell \(row.cell.index) of \(count) " + (row.isReused ? "was finished before" : row.progress.state.rawValue)
    if row.progress.state != .running, let seconds = row.seconds, !row.isReused {
      text += " in \(ProgressText.duration(seconds))"
    }
    text += ": \(row.cell.title)"
    if let accuracy = row.progress.accuracy, let uar = row.progress.uar {
      text += "; accuracy \(figure(accuracy)), UAR \(figure(uar))"
    }
    if let message = row.progress.message { text += "; \(message)" }
    return text
  }

  private static func values(_ cell: SweepPlan.Cell, _ keys: [String]) -> [String] {
    keys.map { key in cell.values.last { $0.key == key }.map { flowText($0.value) } ?? "" }
  }

  private static func state(_ progress: CellProgress) -> String {
    guard progress.state == .running || progress.state == .interrupted, let epochs = progress.epochs else {
      return progress.state.rawValue
    }
    return "\(progress.state.rawValue) \(progress.epoch)/\(epochs)"
  }

  private static func figure(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "" }
}
