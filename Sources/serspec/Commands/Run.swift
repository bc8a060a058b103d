import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Spec
import Training

/// `serspec run`: the whole experiment.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train and test the model of a spec, and write a run directory.",
    discussion: """
      Everything is checked before anything is written. Ctrl-C stops after the step under way, with a checkpoint
      (exit code 130); --resume goes on from there.
      """)

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @OptionGroup var data: DataOptions

  @OptionGroup var options: SpecOptions

  @Option(help: "Seed of weights, shuffling and dropout (the spec's seed).")
  var seed: Int?

  @Option(help: "Number of epochs (the spec's train.epochs).")
  var epochs: Int?

  @Option(help: "Threads to compute with; results do not depend on it. All processors by default.")
  var threads: Int?

  @Option(help: "The folder that run directories are made in.", completion: .directory)
  var outputDir = "runs"

  @Flag(help: "Go on with a run that was stopped.")
  var resume = false

  @Flag(help: "Start over where the run directory exists.")
  var force = false

  @OptionGroup var cache: CacheOptions

  @Flag(help: "Write the summary as one JSON document.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  func validate() throws {
    if resume && force { throw ValidationError("Give one of --resume and --force.") }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024.") }
    if let seed, seed < 0 { throw ValidationError("--seed takes a number from 0 on.") }
    if let epochs, epochs < 1 { throw ValidationError("--epochs takes a number from 1 on.") }
  }

  func run() throws {
    var extra: [(key: String, value: String)] = []
    if let seed { extra.append(("seed", "\(seed)")) }
    if let epochs { extra.append(("train.epochs", "\(epochs)")) }
    let experiment = try options.resolved(spec, extra: extra)
    Interrupts.listen()
    let monitor = RunMonitor(quiet: quiet)
    let settings = ExperimentRun.Settings(
      specPath: SpecReference(spec).path, data: data.folders, outputFolder: outputDir,
      mode: resume ? .resume : force ? .force : .create,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, version: programVersion, cache: cache.cache)
    switch try monitor.run(experiment, settings, shouldStop: { Interrupts.requested }) {
    case .interrupted(let directory):
      let hint = directory.map { "What was done is in \($0): the same command with --resume goes on." }
      Console.error("Interrupted. " + (hint ?? "Nothing was done yet, and nothing was left behind."))
      throw ExitStatus.interrupted
    case .finished(let summary):
      Console.result(json ? summary.json.text().trimmingCharacters(in: .newlines) : summary.text)
    }
  }
}
