import Diagnostics
import Foundation
import Spec

/// Finds the clips of `corpus` in the folder `root` and all folders below it.
///
/// Links are followed, each folder is entered once, and names that begin with a dot are passed over. Throws a
/// `DiagnosticFailure`: `data.corpus_missing` where there is no such folder, `data.folder_unreadable`,
/// `data.no_clips`, `data.class_empty`, `data.table_*`, or the mistakes of `CorpusLayout`. The folder of joined corpora holds
/// a folder for each, called as the corpus is.
public func scan(corpus: CorpusSpec, root: String) throws -> CorpusScan {
  if !corpus.parts.isEmpty { return try scan(corpus: corpus, folders: try CorpusFolders([root], corpus: corpus)) }
  return try scan(part: corpus, root: root, needsAllClasses: true)
}

/// The same for a corpus that joins no others. `needsAllClasses`: whether a class without clips is an error.
func scan(part corpus: CorpusSpec, root: String, needsAllClasses: Bool) throws -> CorpusScan {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else {
    throw DiagnosticFailure([corpusMissing(corpus, "the folder \(root) of corpus '\(corpus.name)' does not exist")])
  }
  guard isFolder.boolValue else {
    throw DiagnosticFailure([
      corpusMissing(corpus, "\(root) should be the folder of corpus '\(corpus.name)' but is a file")
    ])
  }
  var collector = try NameCollector(
    corpus, table: try corpus.table.map { try ClipTable($0, of: corpus, root: root) })
  var entered: Set<FileIdentity> = []
  var waiting = [""]
  while let folder = waiting.popLast() {
    let path = folder.isEmpty ? root : "\(root)/\(folder)"
    guard let identity = FileIdentity(path), entered.insert(identity).inserted else { continue }
    for entry in try entries(of: path) where !entry.name.hasPrefix(".") {
      let relative = folder.isEmpty ? entry.name : "\(folder)/\(entry.name)"
      guard entry.isUTF8 else {
        collector.addUnreadable(relative)
        continue
      }
      if isDirectory(entry, at: "\(path)/\(entry.name)") {
        waiting.append(relative)
      } else {
        collector.add(relative, audio: .file(path: root.hasSuffix("/") ? root + relative : "\(root)/\(relative)"))
      }
    }
  }
  return try collector.finish(place: "the folder \(root)", needsAllClasses: needsAllClasses)
}

/// The error for audio that is not there, with what the corpus file says about getting it.
func corpusMissing(_ corpus: CorpusSpec, _ summary: String) -> Diagnostic {
  var detail = "Give the folder with --data DIR, or set `root` in the corpus file."
  if !corpus.obtain.isEmpty {
    detail += " How to get the corpus:\n" + corpus.obtain.trimmingCharacters(in: .newlines)
  }
  return Diagnostic("data.corpus_missing", .error, summary, detail: detail, at: corpus.root.writtenSpan)
}

/// What makes two paths the same folder.
private struct FileIdentity: Hashable {
  private let device: UInt64
  private let node: UInt64

  /// Nil where there is no such file.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    node = UInt64(status.st_ino)
  }
}

private struct FolderEntry {
  let name: String
  let isUTF8: Bool
  let type: Int
}

/// What stands in a folder, `.` and `..` among it.
private func entries(of path: String) throws -> [FolderEntry] {
  guard let stream = opendir(path) else {
    throw DiagnosticFailure([
      Diagnostic(
        "data.folder_unreadable", .error, "cannot read the folder \(path)",
        detail: "\(String(cString: strerror(errno))). Without it the corpus would silently be smaller.")
    ])
  }
  defer { closedir(stream) }
  var found: [FolderEntry] = []
  while let entry = readdir(stream) {
    let type = Int(entry.pointee.d_type)
    let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    let name = String(decoding: bytes, as: UTF8.self)
    found.append(FolderEntry(name: name, isUTF8: Array(name.utf8) == bytes, type: type))
  }
  return found
}

/// Whether an entry is a folder or a link to one. Some file systems do not tell the type of an entry: asked then.
private func isDirectory(_ entry: FolderEntry, at path: String) -> Bool {
  if entry.type == Int(DT_DIR) { return true }
  guard entry.type == Int(DT_LNK) || entry.type == Int(DT_UNKNOWN) else { return false }
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
}
