import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Training

/// `serspec status`: how runs stand.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List runs: running, finished, interrupted, failed or damaged, and how good.",
    discussion: """
      The digests of a finished run's records are always compared, those of checkpoints with --verify. Where a run is damaged, the exit code \
      is 4.
      """)

  @Argument(help: "A folder of runs, or a run directory.", completion: .directory)
  var folder = "runs"

  @Flag(help: "Read checkpoints, too, and compare them with their digests.")
  var verify = false

  @Flag(help: "Write one JSON document.")
  var json = false

  func run() throws {
    let runs = try RunReader.find(folder).map { RunStatus($0, verifying: verify) }
    if json {
      Console.document(["runs": .array(runs.map(\.json))])
    } else {
      Console.result(Self.table(runs).trimmingCharacters(in: .newlines))
      for run in runs {
        if let message = run.message, run.state == .failed { Console.error("\(run.path): \(message)") }
      }
    }
    let damaged = runs.filter { $0.state == .damaged }
    guard damaged.isEmpty else {
      Console.report(
        damaged.map { run in
          Diagnostic(
            "data.run_damaged", "'\(run.path)' is damaged: \(run.damage.joined(separator: ", "))",
            detail:
              "What is there is not what the run wrote. 'serspec run SPEC --resume' goes on from the last whole checkpoint; --force starts over."
          )
        })
      throw ExitStatus.badData
    }
  }

  private static func table(_ runs: [RunStatus]) -> String {
    TextTable(
      [
        .init("run"), .init("state"), .init("epoch", .right), .init("best"), .init("accuracy", .right),
        .init("UAR", .right), .init("age", .right),
      ],
      rows: runs.map { run in
        [
          run.path, run.state.rawValue, run.epoch.map { "\($0)/\(run.epochs ?? 0)" } ?? "-", best(run),
          percent(run.accuracy), percent(run.uar), run.age().map(age) ?? "-",
        ]
      }
    ).text()
  }

  private static func best(_ run: RunStatus) -> String {
    guard let value = run.bestValue, let epoch = run.bestEpoch else { return "-" }
    return "\(run.bestMetric.map { "\($0) " } ?? "")\(String(format: "%.4f", value)) (epoch \(epoch))"
  }

  private static func percent(_ value: Double?) -> String { value.map { String(format: "%.1f%%", 100 * $0) } ?? "-" }

  /// `45 s`, `12 min`, `3.5 h`, `8 d`
  private static func age(_ seconds: Double) -> String {
    switch seconds {
    case ..<60: "\(Int(seconds)) s"
    case ..<3600: "\(Int(seconds / 60)) min"
    case ..<86400: String(format: "%.1f h", seconds / 3600)
    default: "\(Int(seconds / 86400)) d"
    }
  }
}
