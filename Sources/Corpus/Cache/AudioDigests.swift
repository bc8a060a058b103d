import Foundation
import Synchronization

/// The digests of audio files, remembered from run to run, so that files that have not changed need not be read.
///
/// A file is taken for unchanged where its path, device, inode, size and time of change (to the nanosecond) are the same.
final class AudioDigests: Sendable {
  private let known: [Digest: Digest]
  private let file: RecordFile?
  private let added = Mutex<[PackRecord]>([])

  /// Reads what the cache remembers; nothing without one.
  init(_ cache: FeatureCache?) throws(CacheFileError) {
    guard let cache else {
      (known, file) = ([:], nil)
      return
    }
    try cache.makeFolder()
    let text = "audio"
    let file = try RecordFile(cache.audioIndex, text: text, accepts: { $0 == text }, emptied: {})
    var known: [Digest: Digest] = [:]
    for record in try file.records(from: 0).records { known[record.key] = record.digest }
    (self.known, self.file) = (known, file)
  }

  /// The digest of the bytes of the file at `path`; nil where it cannot be read.
  func digest(of path: String) -> Digest? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    let key = Digest(
      "\(absolute)\n\(status.st_dev) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    )
    if let digest = known[key] { return digest }
    guard let digest = Digest(file: path) else { return nil }
    // A file that changed a moment ago may change again within the resolution of its time.
    if time(nil) - status.st_mtim.tv_sec > 2 {
      added.withLock { $0.append(PackRecord(key: key, samples: 0, digest: digest)) }
    }
    return digest
  }

  /// Remembers what was read since. That it cannot be written only costs time the next time.
  func save() {
    let records = added.withLock { records in
      defer { records = [] }
      return records
    }
    guard let file, !records.isEmpty else { return }
    try? file.locked { () throws(CacheFileError) in try file.append(records) }
  }
}
