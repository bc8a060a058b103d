import Diagnostics
import Foundation

/// The digests of a finished run's records: the content of `manifest.json`. Checkpoints have manifests of their own.
public enum RunManifest {
  static let fileName = "manifest.json"

  /// What changes after a run's end, or is for people alone.
  private static let leftOut: Set<String> = [fileName, "status.json", "train.log", FolderLock.fileName]

  /// Writes the digests of all records of the run `directory` that are there.
  ///
  /// - Throws: `DiagnosticFailure`: `run.write_failed`, `run.read_failed`.
  static func write(_ directory: String) throws {
    let digests = try files(directory).map { name in
      (key: name, value: JSON.string(try FileDigest.sha256(ofFile: "\(directory)/\(name)")))
    }
    try AtomicFile.write(JSON.object([(key: "sha256", value: .object(digests))]).text(), to: "\(directory)/\(fileName)")
  }

  /// The records of a finished run that are not what it wrote: of another digest, or gone.
  ///
  /// - Returns: names in the run's directory; none where the run has no manifest.
  public static func damaged(_ directory: String) -> [String] {
    let path = "\(directory)/\(fileName)"
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    guard let json = try? RunReader.json(path), let digests = json["sha256"]?.asObject, !digests.isEmpty else {
      return [fileName]
    }
    return digests.filter { name, digest in
      guard let found = try? FileDigest.sha256(ofFile: "\(directory)/\(name)") else { return true }
      return digest.asString != found
    }.map(\.key)
  }

  /// The records of the run, but not its checkpoints: files of the folder itself and of `splits`.
  private static func files(_ directory: String) -> [String] {
    func names(_ folder: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }
    let own = names(directory).filter { !leftOut.contains($0) && !FileFailure.isFolder("\(directory)/\($0)") }
    return own + names("\(directory)/splits").map { "splits/\($0)" }
  }
}
