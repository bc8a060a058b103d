import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Training

/// `serspec plot`: pictures.
struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw figures as SVG.",
    subcommands: [
      PlotCurves.self, PlotConfusion.self, PlotClassScores.self, PlotLearningRate.self, PlotWaveforms.self,
    ])
}

/// `serspec plot waveforms`: the report's Figure 1.
struct PlotWaveforms: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "waveforms", abstract: "Draw one clip of each class: its waveform and log-mel spectrogram.",
    discussion: """
      The clips are of one speaker and, as far as the corpus has them, of one sentence and intensity. Waveforms are drawn as \
      recorded, before the spec's audio chain; spectrograms go up to half of its sampling rate.
      """)

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @OptionGroup var data: DataOptions

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "Write to this file instead of standard output.",
    completion: .file(extensions: ["svg"]))
  var output: String?

  @OptionGroup var options: SpecOptions

  func run() throws {
    let experiment = try options.resolved(spec)
    let svg = try ClassFigure.figure(experiment, data: data.folders).svg()
    if let output {
      try AtomicFile.write(svg, to: output)
    } else {
      Console.result(svg.trimmingCharacters(in: .newlines))
    }
  }
}
