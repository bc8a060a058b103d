/// How long a sweep will still take: cells are weighed by their multiply-adds and epochs, and what they take is measured.
public struct RemainingTime: Sendable {
  private let jobs: Int

  /// - Parameter jobs: how many cells run at the same time.
  public init(jobs: Int) { self.jobs = max(1, jobs) }

  /// Seconds until the last cell is finished; nil while nothing has been measured.
  public func seconds(_ rows: [SweepRunner.Row]) -> Double? {
    var (done, taken, left, longest) = (0.0, 0.0, 0.0, 0.0)
    for row in rows {
      let share = RemainingTime.share(row.progress)
      switch row.progress.state {
      case .finished:
        if !row.isReused, let seconds = row.seconds {
          done += row.cell.work
          taken += seconds
        }
      case .running:
        // A cell that was gone on with has done more than its seconds tell; before its first epoch it tells nothing.
        if let seconds = row.seconds, share > 0 {
          done += row.cell.work * share
          taken += seconds
        }
        left += row.cell.work * (1 - share)
        longest = max(longest, row.cell.work * (1 - share))
      case .pending, .interrupted:
        left += row.cell.work * (1 - share)
        longest = max(longest, row.cell.work * (1 - share))
      case .failed: break
      }
    }
    guard done > 0 else { return nil }
    // No sooner than the longest cell alone.
    return taken / done * max(left / Double(jobs), longest)
  }

  private static func share(_ progress: CellProgress) -> Double {
    guard let epochs = progress.epochs, epochs > 0 else { return 0 }
    return min(1, Double(progress.epoch) / Double(epochs))
  }
}
