import Diagnostics
import Foundation
import Glibc

/// The folder of a sweep, `<name>-<first 12 digits of its hash>.sweep` beside its cells' run directories: the record and a log of each cell.
/// Held by this process alone until it is let go of.
public final class SweepFolder {
  public let path: String
  private let lock: FolderLock

  /// Makes or opens the sweep's folder below `parent`.
  ///
  /// - Throws: `DiagnosticFailure`: `run.locked` where another process runs the sweep, `run.write_failed`.
  public init(_ plan: SweepPlan, below parent: String) throws {
    path = SweepFolder.path(plan, below: parent)
    do {
      try FileManager.default.createDirectory(atPath: path + "/logs", withIntermediateDirectories: true)
    } catch {
      throw FileFailure.write(path, doing: "create the sweep's folder", code: errno)
    }
    guard let lock = try FolderLock(path) else {
      throw DiagnosticFailure([
        Diagnostic(
          "run.locked", "another process runs the sweep in '\(path)'",
          detail: "Wait until it is done, or stop it first: sweep.json in that folder says how far it is.")
      ])
    }
    self.lock = lock
    AtomicFile.removeLeftovers(in: path)
  }

  /// What names of sweeps' folders end with.
  static let ending = ".sweep"

  /// Where the folder of a sweep is.
  public static func path(_ plan: SweepPlan, below parent: String) -> String {
    // The hash of a run and that of a sweep must not be taken for each other, hence the ending.
    RunDirectory.path(RunDirectory.folderName(plan.name, hash: plan.hash) + ending, below: parent)
  }

  /// Where the record is.
  public var recordPath: String { path + "/sweep.json" }

  /// Where the cell's processes write what they have to say.
  public func log(of cell: Int) -> String { path + "/logs/\(cell).log" }

  /// The record of a new sweep, with what an earlier record of the same one knows of starts and times.
  public func record(_ plan: SweepPlan, spec: String, options: [String], version: String) -> SweepRecord {
    var record = SweepRecord(plan, spec: spec, options: options, version: version)
    let earlier = (try? SweepRecord.read(recordPath))?.entries ?? []
    let known = Dictionary(earlier.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    for position in record.entries.indices {
      guard let entry = known[record.entries[position].index], entry.hash == record.entries[position].hash else {
        continue
      }
      record.entries[position].starts = entry.starts
      record.entries[position].seconds = entry.seconds
      record.entries[position].exitCode = entry.exitCode
      record.entries[position].message = entry.message
    }
    return record
  }

  /// Writes the record whole.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  public func write(_ record: SweepRecord) throws {
    var record = record
    record.updatedAt = Date()
    try AtomicFile.write(record.json.text(), to: recordPath)
  }
}
