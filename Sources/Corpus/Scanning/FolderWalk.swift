import Diagnostics
import Foundation

/// A file in or below a folder.
struct FoundFile {
  /// Relative to the folder.
  let name: String
  let path: String
  /// Whether the name is UTF-8; otherwise the file cannot be opened by it.
  let isUTF8: Bool
}

/// Calls `body` with each file in the folder `root` and in all folders below it, in no certain order.
///
/// Links are followed, each folder is entered once, and names that begin with a dot are passed over. Throws a `DiagnosticFailure`
/// (`data.folder_unreadable`), or what `body` throws.
func walkFiles(under root: String, _ body: (FoundFile) throws -> Void) throws {
  var entered: Set<FileIdentity> = []
  var waiting = [""]
  while let folder = waiting.popLast() {
    let path = folder.isEmpty ? root : below(root, folder)
    guard let identity = FileIdentity(path), entered.insert(identity).inserted else { continue }
    for entry in try entries(of: path) where !entry.name.hasPrefix(".") {
      let file = FoundFile(
        name: folder.isEmpty ? entry.name : "\(folder)/\(entry.name)", path: below(path, entry.name),
        isUTF8: entry.isUTF8)
      if entry.isUTF8, isDirectory(entry, at: file.path) {
        waiting.append(file.name)
      } else {
        try body(file)
      }
    }
  }
}

private func below(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
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
