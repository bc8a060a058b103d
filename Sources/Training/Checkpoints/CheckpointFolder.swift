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
      try putInPlace()
    } catch {
      try? remove(new)
      throw error
    }
    try AtomicFile.syncFolder(parent, for: current)
    if !keepsOld { try remove(old) }
  }

  /// Makes the newest whole content the current one, where a process died or something was damaged: for a process that goes on from it.
  ///
  /// - Returns: as `newest`.
  /// - Throws: `DiagnosticFailure` (`run.write_failed`).
  package func settle() throws -> (folder: String, damaged: [String])? {
    guard let found = newest() else { return nil }
    if found.folder == new {
      if exists(current), !isWhole(current) { try remove(current) }
      try putInPlace()
    } else if found.folder == old {
      try remove(current)
      try move(old, to: current)
    } else {
      // Half removed or damaged, it would be nothing to fall back on.
      if exists(old), !isWhole(old) { try remove(old) }
      return found
    }
    try AtomicFile.syncFolder(parent, for: current)
    return (current, found.damaged)
  }

  /// Renames what is complete in `new` to `current`, and that to `old`.
  ///
  /// - Throws: `DiagnosticFailure` (`run.write_failed`); `current` is then what it was.
  private func putInPlace() throws {
    let hasCurrent = exists(current)
    if hasCurrent {
      try remove(old)
      try move(current, to: old)
    }
    do {
      try move(new, to: current)
    } catch {
      if hasCurrent { rename(old, current) }
      throw error
    }
  }

  /// The newest whole content, and what was found damaged on the way to it.
  ///
  /// - Returns: nil where there is no whole content.
  package func newest() -> (folder: String, damaged: [String])? {
    var damaged: [String] = []
    // A complete `new` is newer than `current`: the process died between its manifest and the renames.
    for folder in [new, current, old] where exists(folder) {
      if isWhole(folder) { return (folder, damaged) }
      if folder != new { damaged.append(folder) }
    }
    return nil
  }

  /// The folder, if it is there and not whole; with `andOld` also what is kept to fall back on, which a process that died may have left half removed.
  package func damaged(andOld: Bool) -> [String] {
    ([current] + (andOld && keepsOld ? [old] : [])).filter { exists($0) && !isWhole($0) }
  }

  /// Whether anything was ever put there.
  var isEmpty: Bool { ![current, old].contains(where: exists) }

  private func writeManifest(_ folder: String) throws {
    let names = try CheckpointFolder.files(in: folder)
    let digests = try names.map { (key: $0, value: JSON.string(try FileDigest.sha256(ofFile: "\(folder)/\($0)"))) }
    try AtomicFile.write(
      JSON.object([(key: "sha256", value: .object(digests))]).text(), to: "\(folder)/\(CheckpointFolder.manifest)")
  }

  private func isWhole(_ folder: String) -> Bool {
    guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(CheckpointFolder.manifest)"),
      let document = try? JSON.parse(bytes), let digests = document["sha256"]?.asObject, !digests.isEmpty
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

  private func exists(_ folder: String) -> Bool { FileManager.default.fileExists(atPath: folder) }

  private func remove(_ folder: String) throws {
    guard exists(folder) else { return }
    do {
      try FileManager.default.removeItem(atPath: folder)
    } catch {
      throw FileFailure.write(folder, doing: "remove it", code: errno)
    }
  }
}
