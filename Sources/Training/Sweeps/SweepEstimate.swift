import Diagnostics
import Planning
import Spec
import Syntax

/// What a cell of a sweep will take, before it runs.
public struct SweepEstimate: Sendable {
  /// What an estimate of time rests on.
  public enum Source: String, Sendable {
    /// The cell itself is finished.
    case measured
    /// Finished cells of the sweep, by multiply-adds.
    case cells
    /// The cost model that the plan chose its convolutions by.
    case model
  }

  public let cell: SweepPlan.Cell
  public let progress: CellProgress
  /// Of buffers, parameters and the optimizer's state while training; features come on top.
  public let memoryBytes: Int
  /// Of the training, on this machine with the threads given; nil where the corpus is not at hand.
  public let seconds: Double?
  public let source: Source?

  /// Estimates all cells of a sweep.
  ///
  /// - Parameters:
  ///   - outputFolder: where finished cells are looked for.
  ///   - data: the arguments of `--data`, to count the clips.
  ///   - threads: of one cell.
  /// - Returns: the estimates, and why there is none of time, if it is so.
  /// - Throws: `DiagnosticFailure` where a model cannot be planned.
  public static func all(_ plan: SweepPlan, outputFolder: String, data: [String], threads: Int) throws -> (
    [SweepEstimate], noTime: String?
  ) {
    let progress = plan.cells.map {
      CellProgress(of: RunDirectory.path($0.folderName, below: outputFolder), hash: $0.spec.hash)
    }
    var counts = TrainingClips(data: data)
    // Seconds for a multiply-add of a clip, of those that are finished.
    let rates = zip(plan.cells, progress).compactMap { cell, progress -> Double? in
      guard let seconds = progress.trainSeconds, let clips = progress.trainClips, clips > 0 else { return nil }
      return seconds / (cell.work * Double(clips))
    }
    let rate = rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
    _ = try loadBLAS()
    var plans: [String: (bytes: Int, stepSeconds: Double)] = [:]
    var estimates: [SweepEstimate] = []
    for (cell, progress) in zip(plan.cells, progress) {
      let batch = cell.spec.train.batchSize
      let key = "\(batch) \(cell.model.graph.nodes.map { "\($0.kind) \($0.outputShape) \($0.parameterCount)" })"
      let cost = try plans[key] ?? cost(cell, threads: threads)
      plans[key] = cost
      let clips = counts.count(cell.spec)
      let time: (Double, Source)? =
        if let seconds = progress.trainSeconds {
          (seconds, .measured)
        } else if let clips, let rate {
          (rate * cell.work * Double(clips), .cells)
        } else if let clips {
          (cost.stepSeconds * Double((clips + batch - 1) / batch * cell.spec.train.epochs.value), .model)
        } else {
          nil
        }
      estimates.append(
        SweepEstimate(cell: cell, progress: progress, memoryBytes: cost.bytes, seconds: time?.0, source: time?.1))
    }
    return (estimates, counts.failure)
  }

  private static func cost(_ cell: SweepPlan.Cell, threads: Int) throws -> (bytes: Int, stepSeconds: Double) {
    let batch = cell.spec.train.batchSize
    let summary = try PlanSummary(cell.model.graph, batch: batch, mode: .training, threads: threads)
    let states = OptimizerSettings(cell.spec.train.optimizer).stateNames.count
    let chosen = summary.entries.flatMap(\.choices).compactMap { choice in
      choice.estimates.first { $0.algorithm == choice.algorithm }?.milliseconds
    }
    // Convolutions take four fifths of a step (docs/benchmarks.md); a model without any is taken at 20 billion multiply-adds a second.
    let convolutions = chosen.reduce(0, +) / 1e3
    let others = Double(cell.model.graph.trainingMultiplyAdds * batch) / 20e9
    return (
      summary.arenaBytes + summary.parameterBytes * (1 + states) + summary.stateBytes,
      convolutions > 0 ? convolutions / 0.8 : others
    )
  }
}

/// How many clips are trained on, by corpus and split.
private struct TrainingClips {
  let data: [String]
  /// Why a number is not known.
  private(set) var failure: String?
  private var known: [String: Int?] = [:]

  init(data: [String]) { self.data = data }

  mutating func count(_ spec: ExperimentSpec) -> Int? {
    let key = ["corpus", "split"].map { spec.resolved.value(forKey: $0).map(flowText) ?? "" }.joined(separator: "\n")
    if let count = known[key] { return count }
    var count: Int?
    do {
      count = try ClipList(spec, data: data).split(by: spec.split).train.count
    } catch let problem as DiagnosticFailure {
      failure = failure ?? problem.diagnostics.first?.summary
    } catch {
      failure = failure ?? "\(error)"
    }
    known[key] = .some(count)
    return count
  }
}
