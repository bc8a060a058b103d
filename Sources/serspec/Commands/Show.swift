import ArgumentParser
import Diagnostics
import Foundation
import Planning
import Reporting
import Spec
import Training

/// `serspec show`: what a spec comes to.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a spec comes to: all values with their origins, or the layers with their shapes.")

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Flag(
    name: .customLong("resolved"),
    help: "The whole spec with every default, each value with its origin. Itself a valid spec.")
  var showsResolved = false

  @Flag(
    name: .customLong("graph"), help: "Each layer with its output shape, parameters and multiply-adds (the default).")
  var showsGraph = false

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var options: SpecOptions

  func validate() throws {
    if showsResolved && showsGraph { throw ValidationError("Give one of --resolved and --graph.") }
    if showsResolved && json { throw ValidationError("--resolved is YAML; --json goes with --graph.") }
  }

  func run() throws {
    let experiment = try options.resolved(spec)
    if showsResolved {
      Console.result(resolvedText(experiment, origins: true).trimmingCharacters(in: .newlines))
      return
    }
    let model = try ModelDescription(experiment)
    Console.result(json ? model.json.text().trimmingCharacters(in: .newlines) : model.table)
  }
}
