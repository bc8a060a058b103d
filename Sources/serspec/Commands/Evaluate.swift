import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Spec
import Training

extension RunEvaluation.ClipSet: ExpressibleByArgument {}

/// `serspec evaluate`: a trained model's figures again, or on another corpus.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Test a run's model again, or on another corpus.",
    discussion: """
      Without --corpus, the clips are those of the run's own sets, and the test set's figures must be those of its summary.json. Of another \
      corpus all clips are taken, or a set that is drawn as the spec's split says; its classes are matched by name.
      """)

  @Argument(help: ArgumentHelp("A run directory.", valueName: "run"), completion: .directory)
  var directory: String

  @OptionGroup var data: DataOptions

  @Option(help: "Another corpus: a name such as ravdess, or a corpus file.", completion: .file(extensions: ["yaml"]))
  var corpus: String?

  @Option(name: .customLong("split"), help: "Which clips: test by default, all of another corpus.")
  var set: RunEvaluation.ClipSet?

  @OptionGroup var threads: ThreadOptions

  @OptionGroup var cache: CacheOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "Write evaluation.json and predictions.csv into this folder.", completion: .directory)
  var output: String?

  @Flag(help: "Write the result as one JSON document.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  func run() throws {
    let other = try corpus.map { try resolveCorpus($0, libraryFolders: Library.folders, vocabulary: .standard) }
    Interrupts.listen()
    let model = try TrainedModel(run: directory, threads: threads.count)
    let result: RunEvaluation
    do {
      let monitor = RunMonitor(quiet: quiet)
      defer { monitor.finish() }
      result = try RunEvaluation(
        model,
        .init(corpus: other, data: data.folders, set: set, threads: threads.count, cache: cache.cache),
        progress: monitor.features, shouldStop: { Interrupts.requested })
    } catch is CancellationError {
      throw ExitStatus.interrupted
    }
    Console.report(result.warnings + Self.differences(result))
    if let output {
      try AtomicFile.makeFolder(output)
      try AtomicFile.write(result.json.text(), to: "\(output)/evaluation.json")
      try AtomicFile.write(result.predictionsCSV, to: "\(output)/predictions.csv")
    }
    if json {
      Console.document(result.json)
    } else {
      Console.result(Self.text(result))
    }
  }

  private static func differences(_ result: RunEvaluation) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if result.equalsRecords == false {
      found.append(
        Diagnostic(
          "run.evaluation_differs", .warning, "the predictions are not those of the run's predictions.csv",
          detail:
            "The sound, the CPU or a library is another than that of the run; 'serspec reproduce' says where it begins."
        ))
    }
    if !result.unknownClasses.isEmpty || !result.missingClasses.isEmpty {
      let unknown =
        result.unknownClasses.isEmpty
        ? "" : "The model does not know \(result.unknownClasses.joined(separator: ", ")): such clips are left out. "
      let missing =
        result.missingClasses.isEmpty
        ? "" : "The corpus has no \(result.missingClasses.joined(separator: ", ")): the model may say so all the same. "
      found.append(
        Diagnostic(
          "data.classes_differ", .warning, "the corpus has other classes than the model",
          detail: unknown + missing + "Classes are matched by name."))
    }
    return found
  }

  private static func text(_ result: RunEvaluation) -> String {
    let metrics = result.evaluation.metrics
    func percent(_ value: Double) -> String { String(format: "%.1f%%", 100 * value) }
    var lines = [
      "\(result.corpus), \(result.set == .all ? "all clips" : "\(result.set.rawValue) set"): \(metrics.confusion.total) clips"
        + (result.leftOut > 0 ? ", \(result.leftOut) left out" : ""),
      "accuracy       \(percent(metrics.accuracy))   (\(metrics.confusion.correct) of \(metrics.confusion.total) clips)",
      "UAR            \(percent(metrics.uar))",
      "weighted F1    " + String(format: "%.3f", metrics.f1Weighted),
    ]
    let classes = zip(result.classNames, metrics.perClass).filter { $1.support > 0 }
    lines += classes.map { name, figures in
      "  \(name): recall \(percent(figures.recall)), precision \(percent(figures.precision)), \(figures.support) clips"
    }
    if result.equalsRecords == true { lines.append("The predictions are those of the run's records.") }
    if result.isSynthesized { lines.append(RunSummary.synthesizedNote) }
    return lines.joined(separator: "\n")
  }
}
