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
    abstract: "Show what a spec comes to: all values with their origins, or the layers as a table or a picture.")

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Flag(
    name: .customLong("resolved"),
    help: "The whole spec with every default, each value with its origin. Itself a valid spec.")
  var showsResolved = false

  @Flag(
    name: .customLong("graph"), help: "Each layer with its output shape, parameters and multiply-adds (the default).")
  var showsGraph = false

  @Flag(name: .customLong("dot"), help: "The layer graph in Graphviz's language.")
  var showsGraphviz = false

  @Flag(name: .customLong("svg"), help: "The layer graph as a picture.")
  var showsPicture = false

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "Write to this file instead of standard output.",
    completion: .file())
  var output: String?

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var options: SpecOptions

  func validate() throws {
    if [showsResolved, showsGraph, showsGraphviz, showsPicture].filter({ $0 }).count > 1 {
      throw ValidationError("Give one of --resolved, --graph, --dot and --svg.")
    }
    if json && (showsResolved || showsGraphviz || showsPicture) {
      throw ValidationError("--json goes with --graph alone.")
    }
  }

  func run() throws {
    let experiment = try options.resolved(spec)
    let text = try text(of: experiment)
    if let output {
      try AtomicFile.write(text, to: output)
    } else {
      Console.result(text.trimmingCharacters(in: .newlines))
    }
  }

  private func text(of experiment: ExperimentSpec) throws -> String {
    if showsResolved { return resolvedText(experiment, origins: true) }
    let model = try ModelDescription(experiment)
    if showsPicture {
      return GraphFigure(title: experiment.name, subtitle: model.summary, graph: model.graph).svg()
    }
    if showsGraphviz { return GraphvizText(title: experiment.name, graph: model.graph).text }
    return json ? model.json.text() : model.table + "\n"
  }
}
