import Crypto
import Diagnostics
import Foundation
import Planning
import Spec
import Syntax

/// The cells of a sweep, resolved and checked.
public struct SweepPlan: Sendable {
  /// One cell: an experiment.
  public struct Cell: Sendable {
    /// Counts from 1.
    public let index: Int
    /// Parameters, paths of keys or `extends`, each with its value, in the order of the sweep.
    public let values: [(key: String, value: Node)]
    /// `activation=relu lr=0.01`
    public let title: String
    public let spec: ExperimentSpec
    public let model: ModelDescription

    /// The name of its run directory.
    public var folderName: String { RunDirectory.folderName(spec.name, hash: spec.hash) }

    /// Multiply-adds of the whole training but for the number of clips: what the times of cells go by.
    package var work: Double {
      Double(max(1, model.graph.trainingMultiplyAdds)) * Double(spec.train.epochs.value)
    }
  }

  /// The swept spec's own name.
  public let name: String
  public let cells: [Cell]
  /// What is odd about the sweep itself.
  public let warnings: [Diagnostic]
  /// Of the cells: equal sweeps have equal digests, in lower-case hex.
  public let hash: String

  /// Resolves and checks cells.
  ///
  /// - Parameters:
  ///   - seeds: so many seeds of each cell, counted from its own, instead of the sweep's `seeds`.
  ///   - only: the number of the one cell that is wanted; nil for all.
  ///   - resolving: a cell's resolution.
  /// - Throws: `DiagnosticFailure` with what is wrong with the sweep or with cells.
  public init(
    _ source: SourceFile, seeds: Int? = nil, only: Int? = nil, resolving: (SourceFile, SweepCell) throws -> Resolution
  ) throws {
    let sweep = readSweep(source, vocabulary: .standard, withoutSeeds: seeds != nil)
    var diagnostics = sweep.diagnostics
    if sweep.span == nil, diagnostics.isEmpty {
      diagnostics.append(
        Diagnostic(
          "sweep.missing", "\(source.name) has no sweep",
          detail: "Add 'sweep: {grid: {...}}' with the parameters to vary and their values."))
    }
    guard diagnostics.errorCount == 0 else { throw DiagnosticFailure(diagnostics) }
    let count = sweep.cells.count * (seeds ?? 1)
    if let only, !(1...count).contains(only) {
      throw DiagnosticFailure([sweep.noCell(only, of: source, count: count)])
    }
    func resolved(_ cell: SweepCell) throws -> ExperimentSpec? {
      let resolution = try resolving(source, cell)
      if resolution.spec == nil {
        diagnostics += resolution.diagnostics.map {
          $0.noting("in cell \(cell.index) of the sweep: \(cell.title)", at: sweep.span)
        }
      }
      return resolution.spec
    }
    var cells: [Cell] = []
    for written in sweep.cells {
      var variants = [written]
      if let seeds {
        let indices = (written.index - 1) * seeds + 1...written.index * seeds
        if let only, !indices.contains(only) { continue }
        guard let own = try resolved(written)?.seed else { continue }
        variants = indices.enumerated().map { written.seeded(own &+ $0, index: $1) }
      }
      for cell in variants where only == nil || only == cell.index {
        guard let spec = try resolved(cell) else { continue }
        do {
          cells.append(
            Cell(
              index: cell.index, values: cell.values, title: cell.title, spec: spec, model: try ModelDescription(spec)))
        } catch let failure as DiagnosticFailure {
          diagnostics += failure.diagnostics
        }
      }
    }
    guard diagnostics.errorCount == 0 else { throw DiagnosticFailure(diagnostics) }
    self.cells = cells
    warnings = diagnostics
    name = cells.first?.spec.name ?? "sweep"
    hash = SHA256.hash(data: Data(cells.map { $0.spec.hash + "\n" }.joined().utf8))
      .map { String(format: "%02x", $0) }.joined()
  }

  /// The keys that cells differ in, in the order of the sweep.
  public var keys: [String] {
    var known: Set<String> = []
    return cells.flatMap { $0.values.map(\.key) }.filter { known.insert($0).inserted }
  }
}
