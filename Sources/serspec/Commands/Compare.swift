import ArgumentParser
import Foundation
import Reporting
import Training

extension ResultTableKind: ExpressibleByArgument {}
extension ResultComparison.Unit: ExpressibleByArgument {}

/// How runs are compared: what `compare` and `report` take.
struct ComparisonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The run that others are tested against: one of the directories, or the start of its hash. The best by default.",
      valueName: "run"))
  var baseline: String?

  @Option(help: "Draw intervals over speakers or clips. Speakers where names tell them.")
  var resample: ResultComparison.Unit?

  @Option(help: "How many test sets to draw for the intervals.")
  var draws = 2000

  func validate() throws {
    if !(100...1_000_000).contains(draws) { throw ValidationError("--draws takes a number from 100 to 1000000.") }
  }

  func comparison(_ runs: [RunRecord]) throws -> ResultComparison {
    try ResultComparison(runs, options: .init(unit: resample, draws: draws, baseline: baseline))
  }
}

/// `serspec compare`: results side by side.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare finished runs: tables with intervals, and whether differences are more than noise.",
    discussion: """
      Runs whose specs differ in the seed alone are one row: mean and standard deviation. Each row is tested against the best, or --baseline, on \
      the test clips that both share. Runs that are not finished or are damaged are named and left out. See docs/comparing.md.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, md, csv, latex, json
  }

  @Argument(help: "Run directories, or folders of them.", completion: .directory)
  var runs: [String]

  @Option(help: "How to write the tables.")
  var format: Format = .text

  @Option(
    help:
      "Which tables: rows (an experiment a row), best (of each model), grid (two settings). Those that apply by default; not for csv and json."
  )
  var table: [ResultTableKind] = []

  @OptionGroup var options: ComparisonOptions

  func validate() throws {
    if !table.isEmpty, format == .csv || format == .json {
      throw ValidationError("--table does not go with --format \(format.rawValue), which has everything.")
    }
  }

  func run() throws {
    let comparison = try options.comparison(RunArguments.read(runs))
    let tables = table.isEmpty ? comparison.usefulTables : table
    let text =
      switch format {
      case .text: comparison.text(tables)
      case .md: comparison.markdown(tables)
      case .csv: comparison.csv
      case .latex: comparison.latex(tables)
      case .json: comparison.json.text()
      }
    Console.result(text.trimmingCharacters(in: .newlines))
  }
}
