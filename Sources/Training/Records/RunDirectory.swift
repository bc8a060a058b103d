import Diagnostics
import Foundation
import Glibc

/// The folder of one run, held by this process alone until `close`.
///
/// Its name is `<name>-<first 12 digits of the hash of the resolved spec>`: the same experiment always has the same folder.
public final class RunDirectory {
  /// What to do where the folder exists.
  public enum Mode: Sendable {
    /// It is an error.
    case create
    /// Go on with what is there; start where there is nothing.
    case resume
    /// Empty it and start.
    case force
  }

  /// The folder as it was given: relative to the working directory if the parent was.
  public let path: String
  /// Whether there was no such folder before.
  public let isNew: Bool
  private let lock: FolderLock
  private let createdParents: [String]

  /// Creates or opens the run's folder below `parent` and locks it.
  ///
  /// - Throws: `DiagnosticFailure`: `run.exists` where the folder is there and `mode` is `.create`, or where a file stands in its place;
  ///   `run.locked` where another process writes to it; `run.not_a_run` where `.force` would empty a folder that no run made;
  ///   `run.write_failed`.
  public static func open(parent: String = "runs", name: String, hash: String, mode: Mode) throws -> RunDirectory {
    let path = Self.path(folderName(name, hash: hash), below: parent)
    var createdParents: [String] = []
    let isNew: Bool
    do {
      createdParents = try createParents(of: path)
      isNew = mkdir(path, 0o777) == 0
      if !isNew {
        guard errno == EEXIST else { throw FileFailure.write(path, doing: "create the run's folder", code: errno) }
        guard mode != .create, FileFailure.isFolder(path) else { throw exists(path) }
      }
    } catch {
      removeFolders(createdParents)
      throw error
    }
    let held: FolderLock?
    do {
      held = try FolderLock(path)
    } catch {
      if isNew { removeFolders(createdParents + [path]) }
      throw error
    }
    guard let lock = held else { throw locked(path) }
    switch mode {
    case .create: break
    case .resume: removeLeftovers(below: path)
    case .force: try empty(path)
    }
    return RunDirectory(path: path, isNew: isNew, lock: lock, createdParents: createdParents)
  }

  private init(path: String, isNew: Bool, lock: FolderLock, createdParents: [String]) {
    self.path = path
    self.isNew = isNew
    self.lock = lock
    self.createdParents = createdParents
  }

  /// The path of a file or folder in the run.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Creates a folder in the run, with those above it, and returns its path.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  @discardableResult
  public func folder(_ name: String) throws -> String {
    var current = path
    for part in name.split(separator: "/") {
      let above = current
      current += "/" + part
      if mkdir(current, 0o777) == 0 {
        try AtomicFile.syncFolder(above, for: current)
      } else if errno != EEXIST || !FileFailure.isFolder(current) {
        throw FileFailure.write(current, doing: "create the folder", code: errno)
      }
    }
    return current
  }

  /// Lets other processes have the folder. The object's end does the same.
  public func close() { lock.release() }

  /// Removes a folder that `open` created, for a run that fails before it has begun; one that was there before stays.
  public func discard() {
    if isNew {
      try? FileManager.default.removeItem(atPath: path)
      Self.removeFolders(createdParents)
    }
    lock.release()
  }

  /// The path of the folder `name` below `parent`.
  public static func path(_ name: String, below parent: String) -> String {
    (parent.isEmpty ? "" : parent.hasSuffix("/") ? parent : parent + "/") + name
  }

  /// `<name>-<first 12 digits of hash>`, with `-` for what does not belong in a file name.
  public static func folderName(_ name: String, hash: String) -> String {
    var safe = ""
    for character in name {
      // File systems allow 255 bytes.
      if safe.utf8.count > 120 { break }
      let isSafe = character.isLetter || character.isNumber || character == "_" || character == "-"
      // No leading dot, which hides the folder or, twice, leaves it.
      safe.append(isSafe || (character == "." && !safe.isEmpty) ? character : "-")
    }
    return (safe.isEmpty ? "run" : safe) + "-" + hash.prefix(12)
  }

  private static func createParents(of path: String) throws -> [String] {
    var created: [String] = []
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    for count in parts.indices {
      let folder = parts[...count].joined(separator: "/")
      if folder.isEmpty { continue }
      if mkdir(folder, 0o777) == 0 {
        created.append(folder)
      } else if !FileFailure.isFolder(folder) {
        let code = errno
        removeFolders(created)
        throw FileFailure.write(path, doing: "create '\(folder)'", code: code)
      }
    }
    return created
  }

  /// Removes folders that are empty, innermost first.
  private static func removeFolders(_ folders: [String]) {
    for folder in folders.reversed() { rmdir(folder) }
  }

  private static func removeLeftovers(below path: String) {
    AtomicFile.removeLeftovers(in: path)
    guard let contents = FileManager.default.enumerator(atPath: path) else { return }
    for case let name as String in contents where FileFailure.isFolder(path + "/" + name) {
      AtomicFile.removeLeftovers(in: path + "/" + name)
    }
  }

  private static func empty(_ path: String) throws {
    let manager = FileManager.default
    let names = ((try? manager.contentsOfDirectory(atPath: path)) ?? []).filter { $0 != FolderLock.fileName }
    // A run writes these two first; a folder with other things was made by somebody else.
    guard names.isEmpty || names.contains("spec.yaml") || names.contains("status.json") else {
      throw DiagnosticFailure([
        Diagnostic(
          "run.not_a_run", .error, "'\(path)' is not a run's folder",
          detail: """
            It has neither spec.yaml nor status.json, so --force does not empty it. \
            Move it away, or choose another folder with --output-dir.
            """)
      ])
    }
    for name in names {
      do {
        try manager.removeItem(atPath: path + "/" + name)
      } catch {
        throw FileFailure.write(path + "/" + name, doing: "remove it", code: errno)
      }
    }
  }

  private static func exists(_ path: String) -> DiagnosticFailure {
    DiagnosticFailure([
      Diagnostic(
        "run.exists", .error, "'\(path)' exists already",
        detail: FileFailure.isFolder(path)
          ? "The same experiment was started before. Go on with it by --resume, or remove it and start over by --force."
          : "It is not a folder. Move it away, or choose another place with --output-dir.")
    ])
  }

  private static func locked(_ path: String) -> DiagnosticFailure {
    DiagnosticFailure([
      Diagnostic(
        "run.locked", .error, "another process writes to '\(path)'",
        detail: "Wait until it is done (status.json in that folder says how far it is), or stop it first.")
    ])
  }
}
