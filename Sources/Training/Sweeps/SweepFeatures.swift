import Corpus
import Diagnostics
import Spec
import Syntax

/// Fills the feature cache with what the cells of a sweep need, so that no two of them compute the same.
public struct SweepFeatures {
  /// The cells that need the same: all else of their corpora, chains and features is equal.
  private let groups: [[SweepPlan.Cell]]
  private let data: [String]
  private let threads: Int
  private let cache: FeatureCache

  /// - Parameters:
  ///   - data: the arguments of `--data`.
  ///   - cache: to be filled.
  public init(_ cells: [SweepPlan.Cell], data: [String], threads: Int, cache: FeatureCache) {
    var groups: [[SweepPlan.Cell]] = []
    var known: [String: Int] = [:]
    for cell in cells {
      let need = SweepFeatures.need(cell)
      if let group = known[need] {
        groups[group].append(cell)
      } else {
        known[need] = groups.count
        groups.append([cell])
      }
    }
    self.groups = groups
    self.data = data
    self.threads = threads
    self.cache = cache
  }

  /// Computes what is missing.
  ///
  /// - Parameters:
  ///   - announce: told what the cache has, for each group of cells.
  ///   - progress: told how many clips are read, from any thread.
  ///   - shouldStop: asked often.
  /// - Returns: false where it was stopped.
  /// - Throws: `DiagnosticFailure` where the data of every cell is at fault. Where that of some is, they will say so themselves.
  public func fill(
    announce: (CacheReport) -> Void, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws -> Bool {
    var failures: [DiagnosticFailure] = []
    for group in groups {
      guard let cell = group.first else { continue }
      do {
        let list = try ClipList(cell.spec, data: data)
        _ = try list.split(by: cell.spec.split)
        _ = try ClipFeatures(
          cell.spec, clips: list.clips, graph: cell.model.graph, threads: threads, cache: cache, announce: announce,
          progress: progress, shouldStop: shouldStop)
      } catch is RunInterrupted {
        return false
      } catch let failure as DiagnosticFailure {
        failures.append(failure)
      }
      if shouldStop() { return false }
    }
    if let first = failures.first, failures.count == groups.count { throw first }
    return true
  }

  private static func need(_ cell: SweepPlan.Cell) -> String {
    let parts = ["corpus", "audio", "on_bad_clip", "length", "split", "augment"].map { key in
      cell.spec.resolved.value(forKey: key).map(flowText) ?? ""
    }
    let features = cell.spec.resolved.value(forKey: "features")
    let used = cell.spec.usedFeatures.map { feature in
      feature.name.value + ": " + (features?.value(forKey: feature.name.value).map(flowText) ?? "")
    }
    return (parts + used).joined(separator: "\n")
  }
}
