import Diagnostics
import Spec
import Syntax

/// The cells of a sweep with what can be said of each before anything runs.
public struct SweepList: Sendable {
  /// One cell.
  public struct Entry: Sendable {
    public let cell: SweepCell
    public let spec: ExperimentSpec
    /// Trainable values.
    public let parameters: Int
    /// Multiply-adds of one clip of nominal length.
    public let multiplyAdds: Int
  }

  public let entries: [Entry]

  /// Resolves every cell.
  ///
  /// - Parameter resolving: a cell's resolution.
  /// - Throws: `DiagnosticFailure` with what is wrong with the sweep or with cells.
  public init(_ source: SourceFile, resolving: (SweepCell) throws -> Resolution) throws {
    let sweep = readSweep(source, vocabulary: .standard)
    var diagnostics = sweep.diagnostics
    if sweep.span == nil, diagnostics.isEmpty {
      diagnostics.append(
        Diagnostic(
          "sweep.missing", "\(source.name) has no sweep",
          detail: "Add 'sweep: {grid: {...}}' with the parameters to vary and their values."))
    }
    var entries: [Entry] = []
    for cell in sweep.cells {
      let resolution = try resolving(cell)
      guard let spec = resolution.spec else {
        diagnostics += resolution.diagnostics.map {
          $0.noting("in cell \(cell.index) of the sweep: \(cell.title)", at: sweep.span)
        }
        continue
      }
      do {
        let model = try ModelDescription(spec)
        entries.append(
          Entry(
            cell: cell, spec: spec, parameters: model.graph.parameterCount, multiplyAdds: model.graph.multiplyAdds))
      } catch let failure as DiagnosticFailure {
        diagnostics += failure.diagnostics
      }
    }
    guard diagnostics.allSatisfy({ $0.severity != .error }) else { throw DiagnosticFailure(diagnostics) }
    self.entries = entries
  }

  /// The document of `sweep --list --json`.
  public var json: JSON {
    [
      "cells": .array(
        entries.map { entry in
          [
            "index": .integer(entry.cell.index), "hash": .string(entry.spec.hash), "name": .string(entry.spec.name),
            "params": .object(entry.cell.values.map { ($0.key, JSON($0.value)) }),
            "parameters": .integer(entry.parameters), "macs": .integer(entry.multiplyAdds),
          ]
        })
    ]
  }
}
