import ArgumentParser
import Foundation
import Reporting
import Training

/// What every figure of runs takes.
struct RunPlotOptions: ParsableArguments {
  @Argument(help: "Run directories, or folders of them.", completion: .directory)
  var runs: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "Write to this file instead of standard output.",
    completion: .file(extensions: ["svg"]))
  var output: String?

  /// Reads the runs, draws them and writes the figure.
  func write(_ draw: (ResultComparison) -> String) throws {
    // Figures need no intervals.
    let comparison = try ResultComparison(RunArguments.read(runs), options: .init(draws: 1))
    let svg = draw(comparison)
    if let output {
      try AtomicFile.write(svg, to: output)
    } else {
      Console.result(svg.trimmingCharacters(in: .newlines))
    }
  }
}

/// `serspec plot curves`: the report's Figures 4 and 5.
struct PlotCurves: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves", abstract: "Draw training and validation curves, several runs over each other.",
    discussion: "Runs that differ in the seed alone are one line, their mean, in a band from the lowest to the highest."
  )

  @Option(
    name: .customLong("column"), parsing: .singleValue,
    help: "A column of metrics.csv to draw; give it several times. Losses and accuracies by default.")
  var columns: [String] = []

  @OptionGroup var options: RunPlotOptions

  func run() throws { try options.write { $0.curves(columns: columns.isEmpty ? RunCurves.standardColumns : columns) } }
}

/// `serspec plot lr`: learning rates.
struct PlotLearningRate: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "lr", abstract: "Draw learning rates over epochs.")

  @OptionGroup var options: RunPlotOptions

  func run() throws { try options.write { $0.learningRate } }
}

/// `serspec plot confusion`: the report's Figures 2 and 3.
struct PlotConfusion: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confusion", abstract: "Draw confusion matrices of the test set, several runs as a grid.",
    discussion: "Runs that differ in the seed alone are added up.")

  @Flag(help: "Write counts of clips into the cells rather than shares of the true class.")
  var counts = false

  @OptionGroup var options: RunPlotOptions

  func run() throws { try options.write { $0.confusion(counts: counts) } }
}

/// `serspec plot f1`: classes.
struct PlotClassScores: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "f1", abstract: "Draw the F1 score of each class as bars.",
    discussion: "Of many runs the best six are drawn. Whiskers are the standard deviation over runs of different seeds."
  )

  @OptionGroup var options: RunPlotOptions

  func run() throws { try options.write { $0.classScores } }
}
