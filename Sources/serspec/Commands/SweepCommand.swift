import ArgumentParser
import Corpus
import Diagnostics
import Foundation
import Reporting
import Training

/// `serspec sweep`: all variants of an experiment.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Run the cells of a spec's sweep, each in a process of its own.",
    discussion: """
      Run directories are named by the hash of what a cell resolves to: finished cells are not run again, interrupted ones go on where their \
      checkpoint is, failed ones are tried again. Ctrl-C stops all cells with a checkpoint (exit code 130); the same command goes on. Exit code 1 \
      where a cell failed. See docs/sweeps.md, also for clusters.

      Every command that takes a spec takes a cell of its sweep too: serspec show specs/report-grid.yaml#7
      """)

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Flag(help: "List all cells with parameters, multiply-adds, memory, time and state; nothing runs.")
  var list = false

  @Option(help: ArgumentHelp("Run the cell of this number alone; nothing to do if it is finished.", valueName: "n"))
  var index: Int?

  @Option(
    help: ArgumentHelp(
      "Write a Slurm job array that runs the cells, one a task; nothing runs here.", valueName: "file"),
    completion: .file(extensions: ["sbatch"]))
  var slurm: String?

  @Flag(help: "Compute the features of all cells into the cache, and stop: before a job array.")
  var prepare = false

  @Option(help: "How many cells run at the same time.")
  var jobs = 1

  @Flag(help: "Go on with the other cells where one fails (the default).")
  var keepGoing = false

  @Flag(help: "Stop all cells, with a checkpoint, where one fails.")
  var failFast = false

  @Flag(help: "Write one JSON document.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  /// The process of the sweep, without which a cell does not go on.
  @Option(help: .hidden)
  var parent: Int32?

  @OptionGroup var options: SweepOptions

  func validate() throws {
    if [list, index != nil, slurm != nil, prepare].filter({ $0 }).count > 1 {
      throw ValidationError("Give one of --list, --index, --slurm and --prepare.")
    }
    if keepGoing && failFast { throw ValidationError("Give one of --keep-going and --fail-fast.") }
    if !(1...1024).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 1024.") }
  }

  func run() throws {
    if let index { return try runCell(index) }
    let plan = try options.plan(spec)
    Console.report(plan.warnings)
    if list {
      try writeList(plan)
    } else if let slurm {
      try writeSlurm(plan, to: slurm)
    } else if prepare {
      Interrupts.listen()
      guard let cache = options.cache.cache else {
        throw ValidationError("--prepare needs the feature cache, which --no-cache or SERSPEC_CACHE=off forbids.")
      }
      try fill(cache, with: plan.cells)
    } else {
      try runAll(plan)
    }
  }

  private var threadsOfCell: Int { max(1, options.totalThreads / jobs) }

  private func writeList(_ plan: SweepPlan) throws {
    let (estimates, noTime) = try SweepEstimate.all(
      plan, outputFolder: options.outputDir, data: options.data.folders, threads: threadsOfCell)
    if json {
      Console.document(SweepJSON.list(estimates))
    } else {
      Console.result(SweepText.list(plan, estimates, noTime: noTime).trimmingCharacters(in: .newlines))
    }
  }

  // MARK: One cell

  private func runCell(_ index: Int) throws {
    guard let cell = try options.plan(spec, only: index).cells.first else { throw ExitStatus.failed }
    let directory = RunDirectory.path(cell.folderName, below: options.outputDir)
    if CellProgress(of: directory, hash: cell.spec.hash).state == .finished {
      if json {
        Console.document(try JSON.parse(FileManager.default.contents(atPath: "\(directory)/summary.json") ?? Data()))
      } else {
        Console.result("Cell \(index) is finished: \(directory)")
      }
      return
    }
    Interrupts.listen()
    let monitor = RunMonitor(quiet: quiet)
    let settings = ExperimentRun.Settings(
      specPath: spec, data: options.data.folders, outputFolder: options.outputDir, mode: .resume,
      threads: threadsOfCell, version: programVersion, cache: options.cache.cache)
    // Where the sweep was killed, its cells make a checkpoint and stop.
    let outcome = try monitor.run(cell.spec, settings) { [parent] in
      Interrupts.requested || parent.map { getppid() != $0 } ?? false
    }
    switch outcome {
    case .interrupted:
      Console.error("Cell \(index) was interrupted: the same command goes on.")
      throw ExitStatus.interrupted
    case .finished(let summary):
      Console.result(json ? summary.json.text().trimmingCharacters(in: .newlines) : summary.text)
    }
  }

  // MARK: All cells

  private func runAll(_ plan: SweepPlan) throws {
    Interrupts.listen()
    let folder = try SweepFolder(plan, below: options.outputDir)
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let common = options.cellArguments(spec) + ["--threads=\(threadsOfCell)", "--parent=\(getpid())"]
    let runner = SweepRunner(
      plan, record: folder.record(plan, spec: spec, options: options.identity, version: programVersion),
      folder: folder,
      settings: SweepRunner.Settings(
        jobs: jobs, failFast: failFast, outputFolder: options.outputDir, program: program,
        arguments: { common + ["--index=\($0)"] }))
    if !quiet { Console.error("sweep: \(folder.path)") }
    let unfinished = runner.unfinished
    // With one job the first cell that needs something computes it.
    if jobs > 1, unfinished.count > 1, let cache = options.cache.cache { try fill(cache, with: unfinished) }
    let monitor = SweepMonitor(quiet: quiet, jobs: jobs)
    let outcome: SweepRunner.Outcome
    do {
      outcome = try runner.run(
        observe: { event, runner in monitor.observe(event, rows: runner.rows) },
        shouldStop: { Interrupts.requested })
    } catch {
      monitor.finish()
      throw error
    }
    monitor.finish()
    if json {
      Console.document(SweepJSON.results(runner.record, runner.rows, folder: folder.path))
    } else if !quiet {
      let text = SweepText.results(plan.keys, runner.rows) { folder.log(of: $0) }
      Console.result(text.trimmingCharacters(in: .newlines))
    }
    switch outcome {
    case .finished: break
    case .failed: throw ExitStatus.failed
    case .interrupted:
      Console.error("Interrupted. What was done is kept: the same command goes on.")
      throw ExitStatus.interrupted
    }
  }

  private func fill(_ cache: FeatureCache, with cells: [SweepPlan.Cell]) throws {
    let monitor = RunMonitor(quiet: quiet)
    defer { monitor.finish() }
    let isWhole = try SweepFeatures(cells, data: options.data.folders, threads: options.totalThreads, cache: cache)
      .fill(
        announce: { monitor.observe(.features($0)) }, progress: monitor.features,
        shouldStop: { Interrupts.requested })
    guard isWhole else {
      monitor.finish()
      Console.error("Interrupted. What was computed is in the feature cache: the same command goes on.")
      throw ExitStatus.interrupted
    }
  }

  private func writeSlurm(_ plan: SweepPlan, to path: String) throws {
    let folder = try SweepFolder(plan, below: options.outputDir)
    let (estimates, _) = try SweepEstimate.all(
      plan, outputFolder: options.outputDir, data: options.data.folders, threads: threadsOfCell)
    var record = folder.record(plan, spec: spec, options: options.identity, version: programVersion)
    for (position, estimate) in estimates.enumerated() { record.entries[position].state = estimate.progress.state }
    try folder.write(record)
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let script = SlurmScript(
      name: plan.name, cells: plan.cells.count, threads: threadsOfCell,
      memoryBytes: estimates.map(\.memoryBytes).max() ?? 0, log: "\(folder.path)/logs/%a.log",
      command: [program] + options.cellArguments(spec))
    try AtomicFile.write(script.text, to: path)
    if !quiet {
      Console.error(
        """
        \(path): an array of \(plan.cells.count) tasks. Submit it in this folder: sbatch \(path)
        So that tasks do not compute the same features: serspec sweep \(spec) --prepare, with the same options, first.
        """)
    }
  }
}
