import Foundation
import Synchronization

/// Entries that have no place in a cache: in a file without a name in the folder for temporary files, which goes away with the process; in
/// memory where that folder takes nothing.
final class SpillFile: Sendable {
  private struct State {
    var file: FileAccess?
    var isMemory = false
    /// Files that are full; what they hold can still be read.
    var earlier: [FileAccess] = []
    var records: [Digest: (file: FileAccess, record: PackRecord)] = [:]
    var end = 0
  }

  private let state = Mutex(State())

  deinit {
    state.withLock { state in
      for file in state.earlier + (state.file.map { [$0] } ?? []) { close(file.descriptor) }
    }
  }

  /// The entry of `key`, if there is one.
  func record(_ key: Digest) -> PackRecord? { state.withLock { $0.records[key]?.record } }

  /// The payload of `key`; nil where there is none, or it is damaged.
  func floats(_ key: Digest) -> [Float]? {
    state.withLock { $0.records[key] }.flatMap { $0.file.floats($0.record) }
  }

  /// Adds or replaces an entry.
  func add(_ key: Digest, samples: Int, values: [Float]) throws(CacheFileError) {
    let digest = values.withUnsafeBytes { Digest($0) }
    let result = state.withLock { state in
      Result { () throws(CacheFileError) in
        let file = try Self.write(values, &state)
        let record = PackRecord(
          key: key, samples: samples, offset: state.end, length: values.count * MemoryLayout<Float>.stride,
          digest: digest)
        state.records[key] = (file, record)
        state.end += record.length
      }
    }
    try result.get()
  }

  /// Writes `values` at the end of the file in use, or of one in memory where that is full.
  private static func write(_ values: [Float], _ state: inout State) throws(CacheFileError) -> FileAccess {
    if state.file == nil { state.file = unnamedFile() }
    if let file = state.file {
      do {
        try file.append(values, at: state.end)
        return file
      } catch {
        if state.isMemory { throw error }
        state.earlier.append(file)
      }
    }
    guard let memory = memoryFile() else { throw CacheFileError("make a file in memory") }
    (state.file, state.isMemory, state.end) = (memory, true, 0)
    try memory.append(values, at: 0)
    return memory
  }

  private static func unnamedFile() -> FileAccess? {
    var template = Array((NSTemporaryDirectory() + "/serspec-features-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    unlink(&template)
    return FileAccess(descriptor: descriptor)
  }

  private static func memoryFile() -> FileAccess? {
    let name = "/serspec-features-\(UUID().uuidString)"
    let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { return nil }
    shm_unlink(name)
    return FileAccess(descriptor: descriptor)
  }
}
