import ArgumentParser
import Corpus
import Diagnostics
import Foundation
import Spec
import Training

/// `serspec split`: which clips train, validate and test.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Show which clips train, validate and test, in the order of the draw, and what stands on both sides.")

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @OptionGroup var data: DataOptions

  @Option(
    help: "A CSV file with a column 'file': split these names instead of a folder's.",
    completion: .file(extensions: ["csv"]))
  var manifest: String?

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var options: SpecOptions

  func validate() throws {
    if !data.folders.isEmpty && manifest != nil { throw ValidationError("Give one of --data and --manifest.") }
  }

  func run() throws {
    let experiment = try options.resolved(spec)
    let list = try ClipList(experiment, data: data.folders, manifest: manifest)
    let split = try list.split(by: experiment.split)
    let warnings = list.warnings + list.leakage(of: split)
    let report = SplitReport(split, clips: list.clips, classNames: experiment.corpus.classes.map(\.name))
    if json {
      Console.result(report.json(warnings: warnings).text().trimmingCharacters(in: .newlines))
    } else {
      Console.result(report.text)
      Console.report(warnings)
    }
  }
}
