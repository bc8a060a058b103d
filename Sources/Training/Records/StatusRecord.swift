import Diagnostics
import Foundation

/// How far a run is: the content of `status.json`, rewritten after each epoch, for people and scripts that wait for it.
public struct StatusRecord: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case running
    case finished
    /// Stopped on request, with a checkpoint to go on from.
    case interrupted
    case failed
  }

  public var state: State
  /// Finished epochs.
  public var epoch: Int
  /// Epochs of the whole training.
  public var epochs: Int
  /// The epoch whose weights are kept, once there is one.
  public var bestEpoch: Int?
  /// When the run was started, or resumed for the first time; to the second.
  public var startedAt: Date
  /// When this record was made; to the second.
  public var updatedAt: Date
  /// Of the process that writes the run.
  public var process: Int
  /// Why the run failed or what it waits for, in one sentence.
  public var message: String?

  public init(
    state: State, epoch: Int, epochs: Int, bestEpoch: Int? = nil, startedAt: Date, updatedAt: Date = Date(),
    process: Int = Int(ProcessInfo.processInfo.processIdentifier), message: String? = nil
  ) {
    self.state = state
    self.epoch = epoch
    self.epochs = epochs
    self.bestEpoch = bestEpoch
    self.startedAt = startedAt
    self.updatedAt = updatedAt
    self.process = process
    self.message = message
  }

  public var json: JSON {
    [
      "state": .string(state.rawValue), "epoch": .integer(epoch), "epochs": .integer(epochs),
      "best_epoch": .optional(bestEpoch), "started_at": .string(Self.text(startedAt)),
      "updated_at": .string(Self.text(updatedAt)), "pid": .integer(process), "message": .optional(message),
    ]
  }

  /// Reads a record back; nil where it is not one.
  public init?(json: JSON) {
    guard let state = json["state"]?.asString.flatMap(State.init), let epoch = json["epoch"]?.asInteger,
      let epochs = json["epochs"]?.asInteger, let started = json["started_at"]?.asString.flatMap(Self.date),
      let updated = json["updated_at"]?.asString.flatMap(Self.date), let process = json["pid"]?.asInteger
    else { return nil }
    self.init(
      state: state, epoch: epoch, epochs: epochs, bestEpoch: json["best_epoch"]?.asInteger, startedAt: started,
      updatedAt: updated, process: process, message: json["message"]?.asString)
  }

  /// Writes the record whole.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  public func write(to path: String) throws {
    try AtomicFile.write(json.text(), to: path)
  }

  /// Reads `status.json`.
  ///
  /// - Throws: `DiagnosticFailure` with `run.read_failed`, or `run.status_damaged` where it is not such a record.
  public static func read(_ path: String) throws -> StatusRecord {
    let bytes = try ReadableFile.contents(path)
    guard let json = try? JSON.parse(bytes), let record = StatusRecord(json: json) else {
      throw DiagnosticFailure([
        Diagnostic(
          "run.status_damaged", .error, "'\(path)' is not the status of a run",
          detail:
            "Expected a JSON object with state, epoch, epochs, started_at, updated_at and pid. Start over with --force."
        )
      ])
    }
    return record
  }

  /// `2026-01-31T12:00:00Z`
  private static func text(_ date: Date) -> String { date.formatted(.iso8601) }

  private static func date(_ text: String) -> Date? { try? Date(text, strategy: .iso8601) }
}
