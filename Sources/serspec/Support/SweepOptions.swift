import ArgumentParser
import Diagnostics
import Foundation
import Spec
import Syntax
import Training

/// What makes the cells of a sweep and says where they run: the options of `run` that fit all of them.
struct SweepOptions: ParsableArguments {
  @OptionGroup var spec: SpecOptions

  @OptionGroup var data: DataOptions

  @Option(help: "Number of epochs of each cell (the spec's train.epochs).")
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "Run each cell with N seeds, counted from its own, instead of the sweep's 'seeds'.", valueName: "n"))
  var seeds: Int?

  @Option(
    help: "Threads to compute with, divided among the jobs; results do not depend on it. All processors by default.")
  var threads: Int?

  @Option(help: "The folder that run directories are made in.", completion: .directory)
  var outputDir = "runs"

  @OptionGroup var cache: CacheOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024.") }
    if let epochs, epochs < 1 { throw ValidationError("--epochs takes a number from 1 on.") }
    if let seeds, !(1...10_000).contains(seeds) { throw ValidationError("--seeds takes a number from 1 to 10000.") }
  }

  /// All threads together.
  var totalThreads: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// The cells of the spec at `path`, or the one numbered `only`.
  ///
  /// - Throws: `DiagnosticFailure` with what is wrong with the sweep or with cells.
  func plan(_ path: String, only: Int? = nil) throws -> SweepPlan {
    let extra = epochs.map { [(key: "train.epochs", value: "\($0)")] } ?? []
    return try SweepPlan(try readSource(path: path), seeds: seeds, only: only) { source, cell in
      resolve(source, options: try spec.resolveOptions(extra: extra, cell: cell), vocabulary: .standard)
    }
  }

  /// The options that make the cells what they are.
  var identity: [String] {
    var arguments: [String] = []
    if let corpus = spec.corpus { arguments.append("--corpus=\(corpus)") }
    arguments += data.folders.map { "--data=\($0)" } + spec.sets.map { "--set=\($0)" }
    if let epochs { arguments.append("--epochs=\(epochs)") }
    if let seeds { arguments.append("--seeds=\(seeds)") }
    return arguments
  }

  /// The arguments of a process that computes one cell of the spec at `path`, but for which and how many threads it has.
  func cellArguments(_ path: String) -> [String] {
    ["sweep", path] + identity + ["--output-dir=\(outputDir)"] + (cache.noCache ? ["--no-cache"] : [])
  }
}
