import Diagnostics
import Foundation

/// How a run stands, as its directory tells it: a line of `serspec status`.
public struct RunStatus: Sendable {
  public enum State: String, Sendable, CaseIterable {
    /// A process works on it.
    case running
    case finished
    /// Stopped or killed; it can go on.
    case interrupted
    case failed
    /// Records or checkpoints are not what the run wrote.
    case damaged
  }

  /// The directory as it was found.
  public let path: String
  public let state: State
  /// Finished epochs, and those of the whole training; nil where the status cannot be read.
  public let epoch: Int?
  public let epochs: Int?
  /// The kept epoch, and the figure that it was kept for.
  public let bestEpoch: Int?
  public let bestMetric: String?
  public let bestValue: Double?
  /// On the test set, of a finished run.
  public let accuracy: Double?
  public let uar: Double?
  public let startedAt: Date?
  public let updatedAt: Date?
  /// Why it failed.
  public let message: String?
  /// Records of another digest than the run wrote, and damaged checkpoints.
  public let damage: [String]

  /// Looks at the run `path`.
  ///
  /// - Parameter verifying: whether checkpoints are read and compared with their digests, too.
  public init(_ path: String, verifying: Bool = false) {
    self.path = path
    let status = try? StatusRecord.read("\(path)/status.json")
    let summary = try? RunReader.json("\(path)/summary.json")
    let isHeld = FolderLock.isHeld(path)
    var damage: [String] = []
    if status?.state == .finished { damage += RunManifest.damaged(path) }
    if verifying, !isHeld {
      let checkpoints = CheckpointStore(folder: "\(path)/checkpoints")
      damage += checkpoints.damaged(isFinished: status?.state == .finished).map { String($0.dropFirst(path.count + 1)) }
    }
    // Of a run that has just been started there is no status yet.
    if status == nil, !isHeld { damage.append("status.json") }
    self.damage = damage
    state =
      if !damage.isEmpty {
        .damaged
      } else if isHeld {
        .running
      } else {
        switch status?.state {
        case .finished: .finished
        case .failed: .failed
        // The process died without a word.
        case .running, .interrupted, nil: .interrupted
        }
      }
    epoch = status?.epoch
    epochs = status?.epochs
    let saved = (try? RunReader.json("\(path)/checkpoints/last/state.json"))?["best"]
    let isFinished = status?.state == .finished
    bestEpoch = status?.bestEpoch ?? saved?["epoch"]?.asInteger
    bestValue = (isFinished ? summary?["best"]?["value"]?.asNumber : nil) ?? saved?["value"]?.asNumber
    bestMetric = isFinished ? summary?["best"]?["metric"]?.asString : nil
    accuracy = isFinished ? summary?["test"]?["accuracy"]?.asNumber : nil
    uar = isFinished ? summary?["test"]?["uar"]?.asNumber : nil
    startedAt = status?.startedAt
    updatedAt = status?.updatedAt
    message = status?.message
  }

  /// Seconds since the status was written.
  public func age(at now: Date = Date()) -> Double? { updatedAt.map { max(0, now.timeIntervalSince($0).rounded()) } }

  public var json: JSON {
    [
      "run_dir": .string(path), "state": .string(state.rawValue), "epoch": .optional(epoch),
      "epochs": .optional(epochs), "best_epoch": .optional(bestEpoch), "best_metric": .optional(bestMetric),
      "best_value": .optional(bestValue), "accuracy": .optional(accuracy), "uar": .optional(uar),
      "started_at": .optional(startedAt?.formatted(.iso8601)), "updated_at": .optional(updatedAt?.formatted(.iso8601)),
      "age_s": .optional(age()), "message": .optional(message), "damage": .array(damage.map(JSON.string)),
    ]
  }
}
