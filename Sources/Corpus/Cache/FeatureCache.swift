import Diagnostics
import Foundation
import Synchronization

/// The folder in which features are kept from run to run, by content. Several processes may share it. docs/cache.md describes its files.
public final class FeatureCache: Sendable {
  /// As an absolute path.
  public let folder: String

  /// The cache in `folder`, which is made when it is first needed.
  public init(folder: String) {
    self.folder = folder.hasPrefix("/") ? folder : FileManager.default.currentDirectoryPath + "/" + folder
  }

  /// The user's cache: `$SERSPEC_CACHE`, `$XDG_CACHE_HOME/serspec` or `~/.cache/serspec`, whichever is given first; nil where
  /// `SERSPEC_CACHE` is `off`, or nothing tells the folder.
  public static func standard(environment: [String: String] = ProcessInfo.processInfo.environment) -> FeatureCache? {
    func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let own = given("SERSPEC_CACHE") { return own == "off" ? nil : FeatureCache(folder: own) }
    // The specification of XDG base directories tells to ignore relative paths.
    if let base = given("XDG_CACHE_HOME"), base.hasPrefix("/") { return FeatureCache(folder: base + "/serspec") }
    return given("HOME").map { FeatureCache(folder: $0 + "/.cache/serspec") }
  }

  /// Where packs are.
  var packFolder: String { folder + "/features" }

  /// Where the digests of audio files are remembered.
  var audioIndex: String { folder + "/audio.index" }

  /// The pack of `description`, made if need be.
  func pack(_ description: PackDescription) throws(CacheFileError) -> PackFile {
    try makeFolder()
    return try PackFile(folder: packFolder, description)
  }

  /// Makes the cache's folders.
  func makeFolder() throws(CacheFileError) {
    var path = ""
    for part in packFolder.split(separator: "/") {
      path += "/" + part
      // 0700, as the XDG specification wants it.
      if mkdir(path, 0o700) != 0, errno != EEXIST {
        // Parents may be there without being ours to look at.
        let code = errno
        var status = stat()
        if stat(path, &status) != 0 { throw CacheFileError("make the folder \(path)", code) }
      }
    }
  }

  /// The descriptions of all packs, each with the path of its index, in the order of their last use, latest first.
  func descriptions() -> [(description: PackDescription, index: String)] {
    CacheInventory.indexPaths(packFolder).compactMap { path in
      RecordFile.contents(path).flatMap { PackDescription(text: $0.text) }.map { ($0, path) }
    }
  }
}
