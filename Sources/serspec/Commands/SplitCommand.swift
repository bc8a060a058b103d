import ArgumentParser
import Corpus
import Diagnostics
import Foundation
import Training

/// `serspec split`: which clips train, validate and test.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split", abstract: "Show which clips train, validate and test, in the order of the draw.")

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Option(help: "The corpus's folder.", completion: .directory)
  var data: String?

  @Option(
    help: "A CSV file with a column 'file': split these names instead of a folder's.",
    completion: .file(extensions: ["csv"]))
  var manifest: String?

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var options: SpecOptions

  func validate() throws {
    if data != nil && manifest != nil { throw ValidationError("Give one of --data and --manifest.") }
  }

  func run() throws {
    let experiment = try options.resolved(spec)
    let clips = try ClipList(experiment, data: data, manifest: manifest)
    let split = try clips.split(by: experiment.split)
    let warnings = clips.warnings + clips.leakage(of: split)
    let sets = [("train", split.train), ("val", split.val), ("test", split.test)]
    if json {
      let document = JSON.object(
        sets.map { name, indices in
          let files = indices.map { JSON.string(clips.clips[$0].relativePath) }
          return (key: name, value: ["count": .integer(indices.count), "files": .array(files)])
        } + [(key: "warnings", value: .array(warnings.map { .string($0.summary) }))])
      Console.result(document.text().trimmingCharacters(in: .newlines))
    } else {
      for (name, indices) in sets { Console.result("\(name): \(indices.count) clips") }
      Console.report(warnings)
    }
  }
}
