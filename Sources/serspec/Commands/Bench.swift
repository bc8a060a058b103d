import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Spec
import Training

/// `serspec bench`: how fast models run on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure training and inference steps of models on made-up features.",
    discussion: "Peak memory is the process's: measure one spec at a time to compare it.")

  @Argument(help: "Spec files.", completion: .file(extensions: ["yaml"]))
  var specs: [String]

  @Option(help: "Threads to compute with. All processors by default.")
  var threads: Int?

  @Option(help: "Steps to take the median of.")
  var steps = 10

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var options: SpecOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024.") }
    if steps < 1 { throw ValidationError("--steps takes a number from 1 on.") }
  }

  func run() throws {
    var results: [JSON] = []
    for path in specs {
      let spec = try options.resolved(path)
      let result = try Benchmark(
        spec, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, steps: steps)
      results.append(result.json(spec: path))
      if !json { Console.result(text(path, result)) }
    }
    if json {
      Console.result(JSON.object([(key: "results", value: .array(results))]).text().trimmingCharacters(in: .newlines))
    }
  }

  private func text(_ path: String, _ result: Benchmark) -> String {
    func milliseconds(_ seconds: Double) -> String { String(format: "%.1f", seconds * 1000) }
    var table = TextTable([
      .init("dearest layers", .left), .init("operation", .left), .init("forward ms", .right),
      .init("backward ms", .right),
    ])
    for layer in result.layers.prefix(10) {
      table.add([layer.name, layer.operation, milliseconds(layer.forward), milliseconds(layer.backward)])
    }
    return """
      \(path): batch \(result.batchSize), \(result.threads) threads
        training step  \(milliseconds(result.trainStep)) ms, \(Int(Double(result.batchSize) / result.trainStep)) clips a second
        inference      \(milliseconds(result.inference)) ms, \(Int(2 * Double(result.multiplyAdds) / result.inference / 1e9)) GFLOP/s as direct convolutions
        peak memory    \(result.peakMegabytes) MB

      \(table.text())
      """
  }
}
