import ArgumentParser
import Corpus
import Diagnostics
import Foundation
import Reporting
import Training

/// `serspec predict`: what a trained model says of sound files.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask a run's model about sound files: label and probabilities of each.",
    discussion: """
      Uses the weights of the kept epoch, and the run's own audio chain, features, length policy and standardize values. Each file is predicted \
      by itself. Files that cannot be used are named, the others are predicted, and the exit code is 4.
      """)

  @Argument(help: ArgumentHelp("A run directory.", valueName: "run"), completion: .directory)
  var directory: String

  @Argument(
    help: "Sound files (WAV or FLAC), and folders of such; - reads names from standard input, one a line.",
    completion: .file(extensions: ["wav", "flac"]))
  var files: [String]

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Write one JSON document.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  func run() throws {
    let names = try SoundFiles.expanded(files.flatMap { $0 == "-" ? Self.lines() : [$0] })
    Interrupts.listen()
    let model = try TrainedModel(run: directory, threads: threads.count)
    Console.report(model.warnings)
    let result: FilePredictions
    do {
      let progress = ProgressLine(quiet: quiet)
      defer { progress.end() }
      progress.begin("features", total: names.count)
      result = try FilePredictions(
        names, by: model, threads: threads.count, progress: { done, _ in progress.advance(to: done) },
        shouldStop: { Interrupts.requested })
    } catch is CancellationError {
      throw ExitStatus.interrupted
    }
    if json {
      Console.document(result.json)
    } else if !result.predictions.isEmpty {
      Console.result(Self.table(result, classes: model.classNames).trimmingCharacters(in: .newlines))
    }
    if !result.findings.isEmpty { throw DiagnosticFailure(result.findings) }
  }

  private static func lines() -> [String] {
    var lines: [String] = []
    while let line = readLine() { if !line.isEmpty { lines.append(line) } }
    return lines
  }

  private static func table(_ result: FilePredictions, classes: [String]) -> String {
    TextTable(
      [TextTable.Column("file"), TextTable.Column("label")] + classes.map { TextTable.Column($0, .right) },
      rows: result.predictions.map { prediction in
        [prediction.file, prediction.label]
          + prediction.probabilities.map { String(format: "%.3f", Double($0.probability)) }
      }
    ).text()
  }
}
