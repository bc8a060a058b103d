import Diagnostics
import Foundation

/// What a sweep knows of its cells: the content of `sweep.json`, rewritten whenever a cell begins or ends.
public struct SweepRecord: Sendable {
  public struct Entry: Sendable {
    public let index: Int
    public let hash: String
    public let name: String
    /// The values of the cell, an object.
    public let params: JSON
    /// The run directory's name, beside the sweep's folder.
    public let run: String
    public var state: CellProgress.State
    /// Of the cell's last process that ended; nil where it was ended by a signal, or there was none.
    public var exitCode: Int?
    /// Why it failed, in a sentence.
    public var message: String?
    /// How many processes this sweep has started for the cell.
    public var starts = 0
    /// How long they took together.
    public var seconds = 0.0
  }

  /// The swept spec's name.
  public let name: String
  /// Of all cells.
  public let hash: String
  /// The spec file as the user named it.
  public let spec: String
  /// The options that made the cells what they are.
  public let options: [String]
  /// The program's version.
  public let version: String
  public var updatedAt = Date()
  public var entries: [Entry]

  /// The record of a sweep that has not begun.
  public init(_ plan: SweepPlan, spec: String, options: [String], version: String) {
    (name, hash) = (plan.name, plan.hash)
    (self.spec, self.options, self.version) = (spec, options, version)
    entries = plan.cells.map { cell in
      Entry(
        index: cell.index, hash: cell.spec.hash, name: cell.spec.name,
        params: .object(cell.values.map { ($0.key, JSON($0.value)) }), run: cell.folderName, state: .pending)
    }
  }

  public var json: JSON {
    [
      "sweep": .string(name), "hash": .string(hash), "spec": .string(spec),
      "options": .array(options.map(JSON.string)), "serspec": .string(version),
      "updated_at": .string(updatedAt.formatted(.iso8601)),
      "cells": .array(
        entries.map { entry in
          [
            "index": .integer(entry.index), "hash": .string(entry.hash), "name": .string(entry.name),
            "params": entry.params, "run": .string(entry.run), "state": .string(entry.state.rawValue),
            "exit_code": .optional(entry.exitCode), "message": .optional(entry.message),
            "starts": .integer(entry.starts), "seconds": .number((entry.seconds * 100).rounded() / 100),
          ]
        }),
    ]
  }

  /// Reads a record back; nil where it is not one.
  public init?(json: JSON) {
    guard let name = json["sweep"]?.asString, let hash = json["hash"]?.asString, let spec = json["spec"]?.asString,
      let options = json["options"]?.asArray?.compactMap(\.asString), let version = json["serspec"]?.asString,
      let cells = json["cells"]?.asArray
    else { return nil }
    (self.name, self.hash, self.spec, self.options, self.version) = (name, hash, spec, options, version)
    entries = []
    for cell in cells {
      guard let index = cell["index"]?.asInteger, let hash = cell["hash"]?.asString,
        let name = cell["name"]?.asString, let params = cell["params"], let run = cell["run"]?.asString,
        !run.contains("/"), let state = cell["state"]?.asString.flatMap(CellProgress.State.init),
        let starts = cell["starts"]?.asInteger, let seconds = cell["seconds"]?.asNumber
      else { return nil }
      entries.append(
        Entry(
          index: index, hash: hash, name: name, params: params, run: run, state: state,
          exitCode: cell["exit_code"]?.asInteger, message: cell["message"]?.asString, starts: starts, seconds: seconds))
    }
  }

  /// Reads `sweep.json`.
  ///
  /// - Throws: `DiagnosticFailure` with `run.read_failed`, or `run.sweep_damaged` where it is not such a record.
  public static func read(_ path: String) throws -> SweepRecord {
    let bytes = try ReadableFile.contents(path)
    guard let json = try? JSON.parse(bytes), let record = SweepRecord(json: json) else {
      throw DiagnosticFailure([
        Diagnostic(
          "run.sweep_damaged", "'\(path)' is not the record of a sweep",
          detail: "Remove it: 'serspec sweep' writes it anew from the run directories of the cells.")
      ])
    }
    return record
  }
}
