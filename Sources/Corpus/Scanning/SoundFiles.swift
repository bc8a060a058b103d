import Diagnostics
import Foundation

/// Sound files as people name them: one by one, or by the folder that they lie in.
public enum SoundFiles {
  private static let endings = [".wav", ".flac"]

  /// `names` with each folder replaced by the files in it and below that end in `.wav` or `.flac`, in the order of their paths' bytes.
  ///
  /// What is no folder stays as it is, whether it exists or not. Throws a `DiagnosticFailure`: `data.folder_unreadable`, or
  /// `data.no_clips` where a folder has no such file.
  public static func expanded(_ names: [String]) throws -> [String] {
    try names.flatMap { name in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), isFolder.boolValue else {
        return [name]
      }
      return try files(in: name)
    }
  }

  private static func files(in folder: String) throws -> [String] {
    var found: [String] = []
    try walkFiles(under: folder) { file in
      let name = file.name.lowercased()
      if file.isUTF8, endings.contains(where: { name.hasSuffix($0) }) { found.append(file.path) }
    }
    guard !found.isEmpty else {
      throw DiagnosticFailure(
        Diagnostic(
          "data.no_clips", "no sound file is in the folder \(folder)",
          detail: "Looked for names that end in \(endings.joined(separator: " or ")), in the folders below it, too."))
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
