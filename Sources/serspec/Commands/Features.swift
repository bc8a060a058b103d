import ArgumentParser
import Corpus
import Diagnostics
import Foundation
import Reporting
import Spec
import Training

/// `serspec features`: a spec's features of sound files, for other programs.
struct Features: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute a spec's features of sound files, and write them as NumPy arrays.",
    discussion: """
      The archive is read by numpy.load: for each feature an array [clips, ...] of float32, or NAME_0, NAME_1, ... where clips \
      differ in length, and the array `files` of the names in the same order. \
      Of a feature that ends with `standardize` these are the values before that step, which needs training clips.
      """)

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Argument(
    help: "Sound files (WAV or FLAC), and folders of such.", completion: .file(extensions: ["wav", "flac"]))
  var files: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "The archive to write.",
    completion: .file(extensions: ["npz"]))
  var output: String

  @Option(
    name: .customLong("feature"), parsing: .singleValue,
    help: "A feature of the spec; may be given several times. Those that the model reads by default.")
  var features: [String] = []

  @Option(help: "Threads to compute with; results do not depend on it. All processors by default.")
  var threads: Int?

  @Flag(help: "Write a summary as one JSON document.")
  var json = false

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var options: SpecOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024.") }
  }

  func run() throws {
    let experiment = try options.resolved(spec)
    let names = try SoundFiles.expanded(files)
    let clock = ContinuousClock()
    let start = clock.now
    let export = try compute(experiment, names)
    let computed = clock.now
    try export.write(to: output)
    let written = clock.now
    if json {
      let document: JSON = [
        "output": .string(output), "clips": .integer(names.count), "rate_hz": .integer(export.rate),
        "arrays": .integer(export.count),
        "time": [
          "compute_s": .number((computed - start) / .seconds(1)),
          "write_s": .number((written - computed) / .seconds(1)),
        ],
        "features": .array(export.features.map(Self.summary)),
      ]
      Console.result(document.text().trimmingCharacters(in: .newlines))
      return
    }
    Console.result("\(output): \(names.count) clip\(names.count == 1 ? "" : "s")")
    for feature in export.features {
      let shape = feature.shape.map { "\($0)" } ?? "\(feature.name)_0, ... of one clip each: lengths differ"
      Console.result("  \(feature.name)  float32 \(shape)")
    }
  }

  private func compute(_ experiment: ExperimentSpec, _ names: [String]) throws -> FeatureExport {
    let progress = ProgressLine(quiet: quiet)
    defer { progress.end() }
    progress.begin("features", total: names.count)
    return try FeatureExport(
      experiment, files: names, names: features,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount
    ) { progress.advance(to: $0) }
  }

  private static func summary(_ feature: FeatureExport.Feature) -> JSON {
    [
      "name": .string(feature.name), "dtype": "float32",
      "shape": feature.shape.map { .array($0.map(JSON.integer)) } ?? .null,
      "clip_shapes": .array(feature.clipShapes.map { .array($0.map(JSON.integer)) }),
    ]
  }
}
