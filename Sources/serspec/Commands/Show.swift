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
    abstract:
      "Show what a spec comes to: all values with their origins, the layers as a table or a picture, or what a step runs."
  )

  @Argument(help: "The spec file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Flag(
    name: .customLong("resolved"),
    help: "The whole spec with every default, each value with its origin. Itself a valid spec.")
  var showsResolved = false

  @Flag(
    name: .customLong("graph"), help: "Each layer with its output shape, parameters and multiply-adds (the default).")
  var showsGraph = false

  @Flag(
    name: .customLong("plan"),
    help: "Each operation of a step in running order with its memory, and the algorithms that were chosen.")
  var showsPlan = false

  @Option(help: "With --plan: the batch size. The spec's by default.")
  var batch: Int?

  @Option(help: "With --plan: threads to compute with. All processors by default.")
  var threads: Int?

  @Flag(help: "With --plan: a step without gradients, as in validation.")
  var inference = false

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
    if [showsResolved, showsGraph, showsPlan, showsGraphviz, showsPicture].filter({ $0 }).count > 1 {
      throw ValidationError("Give one of --resolved, --graph, --plan, --dot and --svg.")
    }
    if json && (showsResolved || showsGraphviz || showsPicture) {
      throw ValidationError("--json goes with --graph and --plan alone.")
    }
    if !showsPlan && (batch != nil || threads != nil || inference) {
      throw ValidationError("--batch, --threads and --inference go with --plan.")
    }
    if let batch, !(1...65_536).contains(batch) {
      throw ValidationError("--batch takes a number from 1 to 65536.")
    }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024.") }
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
    if showsPlan {
      let plan = try PlanSummary(
        model.graph, batch: batch ?? experiment.train.batchSize, mode: inference ? .inference : .training,
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
      let optimizer = OptimizerSettings(experiment.train.optimizer)
      return json
        ? plan.json(name: experiment.name, optimizer: optimizer).text()
        : PlanText(name: experiment.name, plan: plan, optimizer: optimizer).text
    }
    if showsPicture {
      return GraphFigure(title: experiment.name, subtitle: model.summary, graph: model.graph).svg()
    }
    if showsGraphviz { return GraphvizText(title: experiment.name, graph: model.graph).text }
    return json ? model.json.text() : model.table + "\n"
  }
}
