import Diagnostics

/// The first record in which a run that was made again differs.
public struct RunDifference: Hashable, Sendable {
  /// What was being done: `splits`, `audio`, `features`, `first step`, `epoch 3`, `checkpoints`, `predictions`, `results`.
  public let stage: String
  /// The record's file.
  public let record: String
  /// What it said, and what it says now; nil for bytes.
  public let before: String?
  public let now: String?

  public var json: JSON {
    [
      "stage": .string(stage), "record": .string(record), "before": .optional(before), "now": .optional(now),
    ]
  }

  /// `the run differs at stage 'epoch 3' (metrics.jsonl)`, with what was and is there below.
  public var text: String {
    let values = before.flatMap { before in now.map { "\n  before  \(before)\n  now     \($0)" } } ?? ""
    return "the run differs at stage '\(stage)' (\(record))\(values)"
  }
}
