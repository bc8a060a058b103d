import Foundation
import Planning
import TensorRuntime
import Training

/// A plan for people: what `show --plan` prints.
public struct PlanText: Sendable {
  private let name: String
  private let plan: PlanSummary
  private let optimizer: OptimizerSettings

  /// - Parameters:
  ///   - name: the spec's.
  ///   - optimizer: of which the memory is told.
  public init(name: String, plan: PlanSummary, optimizer: OptimizerSettings) {
    self.name = name
    self.plan = plan
    self.optimizer = optimizer
  }

  public var text: String {
    let features = plan.inputs.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
    let mode = plan.mode == .training ? "training" : "inference"
    let head =
      "\(name): \(plan.entries.count) operations, \(mode), batch \(plan.batch), \(plan.threads) threads, on \(features)\n"
    return [head, steps, choices, memory, peak].compactMap(\.self).joined(separator: "\n")
  }

  private var isTraining: Bool { plan.mode == .training }

  private var steps: String {
    var titles: [TextTable.Column] = [
      .init("#", .right), .init("layer"), .init("operation"), .init("inputs"), .init("output"),
      .init("writes MB", .right),
    ]
    titles += isTraining ? [.init("backward MB", .right), .init("kept MB", .right)] : []
    titles += [.init("scratch MB", .right)]
    var table = TextTable(titles)
    for (index, entry) in plan.entries.enumerated() {
      let backward = isTraining ? [megabytes(entry.writtenBackward), megabytes(entry.kept)] : []
      table.add(
        [
          "\(index + 1)", entry.layer, entry.operation,
          entry.inputs.map(\.shape.description).joined(separator: " "), entry.output.shape.description,
          megabytes(entry.writtenForward),
        ] + backward + [megabytes(max(entry.forwardScratch, entry.backwardScratch))])
    }
    return table.text()
  }

  /// nil where no operation has a choice.
  private var choices: String? {
    var table = TextTable([
      .init("#", .right), .init("part"), .init("algorithm"), .init("ms", .right), .init("others, ms"), .init("why"),
    ])
    var isEmpty = true
    for (index, entry) in plan.entries.enumerated() {
      for choice in entry.choices {
        let others = choice.estimates.filter { $0.algorithm != choice.algorithm }
          .map { "\($0.algorithm) \(milliseconds($0.milliseconds))" }
        let own = choice.estimates.first { $0.algorithm == choice.algorithm }
        table.add([
          "\(index + 1)", choice.part.rawValue, choice.algorithm, own.map { milliseconds($0.milliseconds) } ?? "",
          others.joined(separator: ", "), choice.reason,
        ])
        isEmpty = false
      }
    }
    return isEmpty ? nil : table.text()
  }

  private var memory: String {
    var table = TextTable([.init("memory"), .init("MB", .right), .init("")])
    table.add(["arena", megabytes(plan.arenaBytes), "\(megabytes(plan.unsharedBytes)) if no buffer shared memory"])
    table.add(["parameters", megabytes(plan.parameterBytes), ""])
    if plan.stateBytes > 0 { table.add(["states", megabytes(plan.stateBytes), ""]) }
    if isTraining {
      table.add(["gradients", megabytes(plan.gradientBytes), "in the arena"])
      let names = optimizer.stateNames
      table.add(["optimizer", megabytes(names.count * plan.parameterBytes), names.joined(separator: ", ")])
    }
    return table.text()
  }

  private var peak: String {
    var table = TextTable([
      .init("largest of \(megabytes(plan.peakBytes)) MB at the peak, \(plan.peakStep)"), .init("MB", .right),
    ])
    for tensor in plan.peakTensors.prefix(12) {
      let role = tensor.role == .gradient ? "gradient of the output" : tensor.role.rawValue
      table.add([tensor.layer.map { "\($0): \(role)" } ?? role, megabytes(tensor.bytes)])
    }
    return table.text()
  }

  private func megabytes(_ bytes: Int) -> String { String(format: "%.2f", Double(bytes) / 1e6) }
  private func milliseconds(_ value: Double) -> String { String(format: "%.3g", value) }
}
