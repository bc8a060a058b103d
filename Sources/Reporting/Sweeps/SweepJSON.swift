import Diagnostics
import Foundation
import Training

/// The documents of `sweep --json`.
public enum SweepJSON {
  /// Each cell with what can be said of it before it runs.
  public static func list(_ estimates: [SweepEstimate]) -> JSON {
    [
      "cells": .array(
        estimates.map { estimate in
          let cell = estimate.cell
          return [
            "index": .integer(cell.index), "hash": .string(cell.spec.hash), "name": .string(cell.spec.name),
            "params": .object(cell.values.map { ($0.key, JSON($0.value)) }),
            "parameters": .integer(cell.model.graph.parameterCount),
            "macs": .integer(cell.model.graph.multiplyAdds),
            "memory_mb": .number((Double(estimate.memoryBytes) / 1e5).rounded() / 10),
            "time_s": .optional(estimate.seconds.map { ($0 * 10).rounded() / 10 }),
            "time_source": .optional(estimate.source?.rawValue), "run": .string(cell.folderName),
            "state": .string(estimate.progress.state.rawValue), "epoch": .integer(estimate.progress.epoch),
          ]
        })
    ]
  }

  /// The record of a sweep with its folder, and the figures of each finished cell on its test set.
  public static func results(_ record: SweepRecord, _ rows: [SweepRunner.Row], folder: String) -> JSON {
    let cells = (record.json["cells"]?.asArray ?? []).enumerated().map { position, cell in
      let progress = rows[position].progress
      let test: JSON =
        progress.state == .finished
        ? ["accuracy": .optional(progress.accuracy), "uar": .optional(progress.uar)] : .null
      return JSON.object((cell.asObject ?? []) + [("reused", .boolean(rows[position].isReused)), ("test", test)])
    }
    let head = (record.json.asObject ?? []).filter { $0.key != "cells" }
    return .object(head + [("sweep_dir", .string(folder)), ("cells", .array(cells))])
  }
}
