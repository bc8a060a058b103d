import Diagnostics
import Foundation
import Glibc
import Synchronization

/// Writes files whole: a reader, or a run resumed after a crash, sees the old content or the new one, never a part.
///
/// The bytes go to a temporary file in the same folder, which is synced, renamed over the target, and the folder synced.
public struct AtomicFile: ~Copyable {
  private static let counter = Atomic<UInt64>(0)
  /// What temporary names end in; `removeLeftovers` looks for it.
  private static let ending = ".serspec-tmp"

  private let path: String
  private let folder: String
  private let temporary: String
  private let descriptor: Int32

  /// Writes `bytes` to the file `path`.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`, which names the file and says what the system said.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try write(to: path) { file in
      let array = Array(bytes)
      try array.withUnsafeBytes { try file.append($0) }
    }
  }

  /// Writes the UTF-8 bytes of `text` to the file `path`.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  public static func write(_ text: String, to path: String) throws {
    try write(text.utf8, to: path)
  }

  /// Writes what `body` appends to the file `path`: for content that is better not held in memory at once.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`, or what `body` throws; in both cases the old file stands
  ///   and no temporary is left.
  public static func write(to path: String, _ body: (borrowing AtomicFile) throws -> Void) throws {
    let file = try AtomicFile(path)
    var isOpen = true
    do {
      try body(file)
      guard fsync(file.descriptor) == 0 else { throw file.failure("sync the file", errno) }
      isOpen = false
      guard close(file.descriptor) == 0 else { throw file.failure("close the file", errno) }
      guard rename(file.temporary, path) == 0 else { throw file.failure("rename the finished file", errno) }
    } catch {
      if isOpen { close(file.descriptor) }
      unlink(file.temporary)
      throw error
    }
    try syncFolder(file.folder, for: path)
  }

  /// Appends to the file that is being written.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      // One call writes at most 2 GiB, and a signal may cut it short.
      let written = Glibc.write(descriptor, start, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw failure("write", errno)
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Creates a folder and those above it where they are not there.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  public static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileFailure.write(path, doing: "create the folder", code: errno)
    }
  }

  /// Removes temporaries that a killed process left in `folder`. Only for folders in which nobody else writes.
  public static func removeLeftovers(in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(".") && name.hasSuffix(ending) { unlink(folder + "/" + name) }
  }

  /// Makes a rename, a new file or a removal in `folder` last through a power cut.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`, which names `path`.
  static func syncFolder(_ folder: String, for path: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure.write(path, doing: "open its folder", code: errno) }
    defer { close(descriptor) }
    // Some network file systems cannot sync a folder and say so with EINVAL: there is nothing to be done about it.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw FileFailure.write(path, doing: "sync its folder", code: errno)
    }
  }

  private init(_ path: String) throws {
    let slash = path.lastIndex(of: "/")
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let number = Self.counter.add(1, ordering: .relaxed).newValue
    // A name may be as long as the system allows; the temporary's must not be longer than that.
    let temporary = "\(folder)/.\(name.utf8.count < 200 ? name : "file").\(getpid())-\(number)\(Self.ending)"
    if FileFailure.isFolder(path) { throw FileFailure.write(path, doing: "replace it", code: EISDIR) }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw FileFailure.write(path, doing: "create a temporary file beside it", code: errno) }
    self.path = path
    self.folder = folder
    self.temporary = temporary
    self.descriptor = descriptor
  }

  private func failure(_ action: String, _ code: Int32) -> DiagnosticFailure {
    FileFailure.write(path, doing: action, code: code)
  }
}
