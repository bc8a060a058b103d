import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Spec
import Training

/// `serspec diff`: what differs between two experiments, and what follows.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what differs between two experiments, layer by layer and value by value, and what follows from it.",
    discussion: """
      Compared is what the specs come to, not how they are written. Signs: + added, - removed, ~ changed, > moved, \
      = renamed. Exit code 0 where both say the same experiment, 1 where they differ, 2 in trouble, as diff(1).
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, md
  }

  @Argument(help: "The spec file or run directory to start from.", completion: .file(extensions: ["yaml"]))
  var a: String

  @Argument(help: "The one to compare with it.", completion: .file(extensions: ["yaml"]))
  var b: String

  @Option(help: "How to write the differences.")
  var format: Format = .text

  @Flag(help: "List values one by one, each with where it was written, and nothing else.")
  var values = false

  @Option(
    name: .customLong("set-a"), parsing: .singleValue,
    help: ArgumentHelp("As --set, for the first spec only.", valueName: "key=value"))
  var setsA: [String] = []

  @Option(
    name: .customLong("set-b"), parsing: .singleValue,
    help: ArgumentHelp("As --set, for the second spec only.", valueName: "key=value"))
  var setsB: [String] = []

  @OptionGroup var options: SpecOptions

  func validate() throws {
    _ = try SpecOptions.pairs(setsA, option: "--set-a") + SpecOptions.pairs(setsB, option: "--set-b")
    if values && format == .md { throw ValidationError("--values is written as text or json.") }
  }

  func run() throws {
    let comparison: ExperimentComparison
    do {
      comparison = ExperimentComparison(
        try side(a, sets: SpecOptions.pairs(setsA, option: "--set-a")),
        try side(b, sets: SpecOptions.pairs(setsB, option: "--set-b")))
    } catch let failure as DiagnosticFailure {
      Console.report(failure.diagnostics)
      throw ExitStatus.trouble
    }
    write(comparison)
    throw comparison.isSame ? ExitStatus.done : ExitStatus.different
  }

  private func side(_ argument: String, sets: [(key: String, value: String)]) throws -> ExperimentComparison.Side {
    let spec = try options.resolved(argument, extra: sets, showWarnings: false)
    // Settings make another model than the one that was trained.
    let isAsTrained = sets.isEmpty && options.sets.isEmpty && options.corpus == nil
    return ExperimentComparison.Side(
      argument, spec, try ModelDescription(spec),
      tensors: isAsTrained ? try SpecArgument.checkpointTensors(argument) : nil)
  }

  private func write(_ comparison: ExperimentComparison) {
    let color = Console.usesColor(STDOUT_FILENO)
    switch format {
    case .text where values:
      if !comparison.flatValues.isEmpty { Console.result(comparison.valuesText(color: color)) }
    case .text: Console.result(comparison.text(color: color))
    case .json:
      let document = values ? comparison.valuesJSON : comparison.json
      Console.result(document.text().trimmingCharacters(in: .newlines))
    case .md: Console.result(comparison.markdown)
    }
  }
}

/// The codes of diff(1), which differ from those of the other commands.
extension ExitStatus {
  fileprivate static let different = ExitStatus.failed
  fileprivate static let trouble = ExitStatus.usage
}
