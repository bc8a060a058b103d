import Diagnostics
import Foundation
import Glibc

/// A folder of files that change together: either all of the old ones are there or all of the new ones, whenever the
/// process is killed.
///
/// New files are written to `.NAME-new` with a manifest of their digests, then two renames put that folder in place of
/// `NAME`, which becomes `.NAME-old`. Reading takes the newest of the three that is whole.
package struct CheckpointFolder: Sendable {
  /// The folder that holds this one, such as `runs/x/checkpoints`.
  let parent: String
  let name: String
  /// Whether the state before the last one is kept, to fall back on.
  let keepsOld: Bool

  private var current: String { "\(parent)/\(name)" }
  private var new: String { "\(parent)/.\(name)-new" }
  private var old: String { "\(parent)/.\(name)-old" }

  private static let manifest = "manifest.json"

  package init(parent: String, name: String, keepsOld: Bool) {
    self.parent = parent
    self.name = name
    self.keepsOld = keepsOld
  }

  /// Replaces the folder's content by what `write` puts into the folder that it is given.
  ///
  /// - Throws: `DiagnosticFailure` (`run.write_failed`); the old content then stands.
  package func replace(_ write: (_ folder: String) throws -> Void) throws {
    try remove(new)
    guard mkdir(new, 0o777) == 0 else { throw FileFailure.write(new, doing: "create the folder", code: errno) }
    do {
      try write(new)
      try writeManifest(new)
    } catch {
      try? remove(new)
      throw error
    }
    try remove(old)
    if FileFailure.isFolder(current) { try move(current, to: old) }
    try move(new, to: current)
    try AtomicFile.syncFolder(parent, for: current)
    if !keepsOld { try remove(old) }
  }

  /// The newest whole content, and what was found damaged on the way to it.
  ///
  /// - Returns: nil where there is no whole content.
  package func newest() -> (folder: String, damaged: [String])? {
    var damaged: [String] = []
    // A complete `new` is newer than `current`: the process died between its manifest and the renames.
    for folder in [new, current, old] where FileFailure.isFolder(folder) {
      if isWhole(folder) { return (folder, damaged) }
      if folder != new { damaged.append(folder) }
    }
    return nil
  }

  /// The folder, if it is there and not whole.
  var damaged: [String] { FileFailure.isFolder(current) && !isWhole(current) ? [current] : [] }

  private func writeManifest(_ folder: String) throws {
    let names = try CheckpointFolder.files(in: folder)
    let digests = try names.map { (key: $0, value: JSON.string(try FileDigest.sha256(ofFile: "\(folder)/\($0)"))) }
    try AtomicFile.write(
      JSON.object([(key: "sha256", value: .object(digests))]).text(), to: "\(folder)/\(CheckpointFolder.manifest)")
  }

  private func isWhole(_ folder: String) -> Bool {
    guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(CheckpointFolder.manifest)"),
      let document = try? JSON.parse(bytes), let digests = document["sha256"]?.asObject
    else { return false }
    return digests.allSatisfy { entry in
      guard let digest = try? FileDigest.sha256(ofFile: "\(folder)/\(entry.key)") else { return false }
      return entry.value.asString == digest
    }
  }

  private static func files(in folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != manifest }.sorted()
    } catch {
      throw FileFailure.read(folder, doing: "list the folder", code: errno)
    }
  }

  private func move(_ from: String, to: String) throws {
    guard rename(from, to) == 0 else { throw FileFailure.write(to, doing: "rename '\(from)' to it", code: errno) }
  }

  private func remove(_ folder: String) throws {
    guard FileManager.default.fileExists(atPath: folder) else { return }
    do {
      try FileManager.default.removeItem(atPath: folder)
    } catch {
      throw FileFailure.write(folder, doing: "remove it", code: errno)
    }
  }
}
