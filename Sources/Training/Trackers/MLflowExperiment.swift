import Diagnostics
import Foundation
import Glibc

/// An experiment of MLflow's file store: a folder with a `meta.yaml`.
enum MLflowExperiment {
  /// The id of the experiment `name` in the folder `store`; one that is not there is made.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  static func find(_ name: String, in store: String) throws -> String {
    let folders = ((try? FileManager.default.contentsOfDirectory(atPath: store)) ?? []).sorted()
    for folder in folders where value(of: "name", in: "\(store)/\(folder)/meta.yaml") == name { return folder }
    // The same for all processes that make it at the same time: eighteen digits, as MLflow's own have.
    let digits = UInt64(FileDigest.sha256(name.utf8).prefix(15), radix: 16) ?? 0
    let id = String(100_000_000_000_000_000 + digits % 900_000_000_000_000_000)
    let folder = "\(store)/\(id)"
    try AtomicFile.makeFolder(folder)
    let now = Int(Date().timeIntervalSince1970 * 1000)
    try write(
      [
        ("artifact_location", .string(URL(fileURLWithPath: folder).standardized.absoluteString)),
        ("creation_time", .integer(now)), ("experiment_id", .string(id)), ("last_update_time", .integer(now)),
        ("lifecycle_stage", "active"), ("name", .string(name)),
      ], to: "\(folder)/meta.yaml")
    return id
  }

  /// Writes a mapping of plain values as YAML, of which JSON's values are a part.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  static func write(_ fields: [(String, JSON)], to path: String) throws {
    try AtomicFile.write(fields.map { "\($0): \($1.text(.line))\n" }.joined(), to: path)
  }

  /// A plain value of such a file; nil where it is not there.
  static func value(of key: String, in path: String) -> String? {
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("\(key): ") }) else { return nil }
    let text = line.dropFirst(key.count + 2).trimmingCharacters(in: .whitespaces)
    if text.hasPrefix("\"") { return (try? JSON.parse(Array(text.utf8)))?.asString }
    if text.hasPrefix("'"), text.hasSuffix("'"), text.count > 1 {
      return text.dropFirst().dropLast().replacingOccurrences(of: "''", with: "'")
    }
    return text
  }
}
