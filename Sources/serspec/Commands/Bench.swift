import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Training

/// `serspec bench`: how fast models run on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure training and inference steps of models on made-up features.",
    discussion: """
      Times are medians. GFLOP/s count convolutions as direct ones, so that an algorithm with fewer products can be above
      100% of the machine's own speed, which is that of OpenBLAS's matrix product on as many threads. Each of several
      specs is measured in a process of its own, so that its peak memory is its own.
      """)

  @Argument(help: "Spec files. The report's five models by default.", completion: .file(extensions: ["yaml"]))
  var specs: [String] = []

  @Option(help: "Threads to compute with. All processors by default.")
  var threads: Int?

  @Option(help: "Steps to take the median of.")
  var steps = 10

  @Option(
    help: ArgumentHelp(
      "A CSV file with a column 'file' and 'seconds' or 'bytes': batches of variable length are as long as these clips "
        + "make them. Without it lengths are drawn as CREMA-D's are distributed."),
    completion: .file(extensions: ["csv"]))
  var manifest: String?

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var options: SpecOptions

  /// What is measured where nothing is named.
  private static let reportSpecs = ["cnn1d", "cnn2d", "combined", "resnet38", "resnet101"]

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024.") }
    if !(1...10_000).contains(steps) { throw ValidationError("--steps takes a number from 1 to 10000.") }
  }

  func run() throws {
    let paths = try specs.isEmpty ? Bench.defaultPaths() : specs
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    var results: [JSON] = []
    if paths.count == 1 {
      let benchmark = try Benchmark(
        try options.resolved(paths[0]), settings: .init(threads: threads, steps: steps, manifest: manifest))
      if json { results.append(benchmark.json(spec: paths[0])) } else { Console.result(benchmark.text(spec: paths[0])) }
    } else {
      // A mistake in the last spec should not wait until the others are measured.
      for path in paths { _ = try options.resolved(path, showWarnings: false) }
      for path in paths { results += try measureApart(path, threads: threads) }
    }
    if json {
      let environment = try Benchmark.environment(version: programVersion, threads: threads)
      let document = JSON.object([("results", .array(results)), ("environment", environment)])
      Console.result(document.text().trimmingCharacters(in: .newlines))
    }
  }

  private static func defaultPaths() throws -> [String] {
    guard let folder = Library.folders.first else {
      throw ValidationError("The program's own specs are not beside it: name the spec files to measure.")
    }
    return reportSpecs.map { "\(folder)/\($0).yaml" }
  }

  /// Measures one spec in a process of its own, which writes its text itself.
  ///
  /// - Returns: its results, where they are wanted as JSON.
  /// - Throws: `ExitStatus` where it fails; it has said why.
  private func measureApart(_ path: String, threads: Int) throws -> [JSON] {
    let process = Process()
    process.executableURL = URL(
      fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    process.arguments = childArguments(path, threads: threads)
    let output = json ? Pipe() : nil
    if let output { process.standardOutput = output }
    try process.run()
    let text = try output?.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw ExitStatus(rawValue: process.terminationStatus) ?? .failed
    }
    return json ? try JSON.parse(text)["results"]?.asArray ?? [] : []
  }

  private func childArguments(_ path: String, threads: Int) -> [String] {
    var arguments = ["bench", "--threads", String(threads), "--steps", String(steps)]
    if json { arguments.append("--json") }
    if let manifest { arguments += ["--manifest", manifest] }
    if let corpus = options.corpus { arguments += ["--corpus", corpus] }
    for set in options.sets { arguments += ["--set", set] }
    return arguments + ["--", path]
  }
}
