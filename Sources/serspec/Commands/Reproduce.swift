import ArgumentParser
import Diagnostics
import Foundation
import Training

/// `serspec reproduce`: a run made again.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a run again, and compare every record with the first time.",
    discussion: """
      Stops at the first record that differs and names it: splits, audio, features, the first step, an epoch, checkpoints, predictions, results. \
      Exit code 0 where all are equal, 5 where one differs. The run itself is not touched.
      """)

  @Argument(help: ArgumentHelp("The directory of a finished run.", valueName: "run"), completion: .directory)
  var directory: String

  @OptionGroup var data: DataOptions

  @OptionGroup var threads: ThreadOptions

  @OptionGroup var cache: CacheOptions

  @Option(help: "Keep the new run in this folder.", completion: .directory)
  var keep: String?

  @Flag(help: "Write the result as one JSON document.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  func run() throws {
    let reproduction = try Reproduction(
      run: directory,
      settings: .init(
        data: data.folders, threads: threads.count, version: programVersion, cache: cache.cache, keepIn: keep))
    Interrupts.listen()
    let monitor = RunMonitor(quiet: quiet)
    let outcome: Reproduction.Result?
    do {
      defer { monitor.finish() }
      outcome = try reproduction.execute(
        observe: monitor.observe, readingClips: monitor.features, shouldStop: { Interrupts.requested })
    }
    guard let result = outcome else {
      Console.error("Interrupted before all was compared.")
      throw ExitStatus.interrupted
    }
    if !result.environment.isEmpty {
      Console.report([
        Diagnostic(
          "run.environment_differs", .warning, "the run was made with something else",
          detail: result.environment.map { "\($0.name): \($0.before), now \($0.now)" }.joined(separator: "; ") + ".")
      ])
    }
    if json {
      Console.document(result.json)
    } else if let difference = result.difference {
      Console.result(difference.text)
    } else {
      Console.result("equal: \(result.equal.joined(separator: ", "))")
    }
    if result.difference != nil { throw ExitStatus.differs }
  }
}
