import Spec

/// Tells when the next checkpoint within an epoch is due.
struct CheckpointPace {
  private let interval: CheckpointInterval?
  private var steps = 0
  private var last = ContinuousClock.now

  /// Counts from now on; nil is never due.
  init(_ interval: CheckpointInterval?) { self.interval = interval }

  /// Called once after each step: whether a checkpoint is to be made.
  mutating func isDue() -> Bool {
    steps += 1
    switch interval {
    case nil: return false
    case .steps(let count): return steps >= count
    case .minutes(let minutes): return ContinuousClock.now - last >= .seconds(60 * minutes)
    }
  }

  /// A checkpoint was made.
  mutating func restart() {
    steps = 0
    last = ContinuousClock.now
  }
}
