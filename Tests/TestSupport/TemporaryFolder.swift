import Foundation

/// A folder of its own that goes away with the object.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// Makes the folder, with empty files of the given names in it.
  public init(_ files: [String] = []) throws {
    path = NSTemporaryDirectory() + "serspec-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for file in files {
      let url = URL(fileURLWithPath: "\(path)/\(file)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in the folder.
  public func file(_ name: String) -> String { path + "/" + name }

  /// All names in the folder, hidden ones among them.
  public func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

  /// The content of a text file.
  public func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
}
