import Foundation
import Synchronization

/// A pack of the cache in two files: `NAME.data` with the payloads, one behind the other, and `NAME.index` with a record of each.
///
/// A payload is written before its record, so that a process that dies leaves at most bytes that nothing speaks of.
/// Values are read by `pread`: pages of a mapped file would count as the process's own memory, and a file that somebody cuts short
/// would end the process.
final class PackFile: Sendable {
  private struct State {
    var records: [Digest: PackRecord] = [:]
    /// Records of the index that have been seen.
    var seen = 0
  }

  let damage: RecordFile.Damage
  private let index: RecordFile
  private let data: FileAccess
  private let state: Mutex<State>

  /// Opens or makes the pack of `description` in `folder`.
  init(folder: String, _ description: PackDescription) throws(CacheFileError) {
    let path = "\(folder)/\(description.fileName)"
    let descriptor = open(path + PackFile.dataEnding, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw CacheFileError("open") }
    data = FileAccess(descriptor: descriptor)
    do {
      index = try RecordFile(
        path + PackFile.indexEnding, text: description.text,
        accepts: { PackDescription(text: $0)?.lines == description.lines },
        emptied: { () throws(CacheFileError) in
          guard ftruncate(descriptor, 0) == 0 else { throw CacheFileError("empty") }
        })
      var damage = index.damage
      var state = State()
      try Self.refresh(&state, index)
      // A data file that was cut short.
      let size = try data.size()
      for (key, record) in state.records where record.offset + record.length > size {
        state.records[key] = nil
        damage.records += 1
      }
      self.damage = damage
      self.state = Mutex(state)
    } catch {
      close(descriptor)
      throw error
    }
    index.touch()
  }

  deinit { close(data.descriptor) }

  static let dataEnding = ".data"
  static let indexEnding = ".index"

  /// The entry of `key`, if there is one.
  func record(_ key: Digest) -> PackRecord? { state.withLock { $0.records[key] } }

  /// The payload of `record`; nil where it is damaged.
  func floats(_ record: PackRecord) -> [Float]? { data.floats(record) }

  /// Adds an entry, unless another process has done so by now; with `replacing`, in any case.
  func add(_ key: Digest, samples: Int, values: [Float], replacing: Bool) throws(CacheFileError) {
    let digest = values.withUnsafeBytes { Digest($0) }
    let result = state.withLock { state in
      Result { () throws(CacheFileError) in
        try index.locked { () throws(CacheFileError) in
          try Self.refresh(&state, index)
          if !replacing, state.records[key] != nil { return }
          let end = try data.size()
          try data.append(values, at: end)
          let record = PackRecord(
            key: key, samples: samples, offset: end, length: values.count * MemoryLayout<Float>.stride, digest: digest)
          try index.append([record])
          state.records[key] = record
        }
      }
    }
    try result.get()
  }

  /// Takes up what has been appended since; a later record of a key counts.
  private static func refresh(_ state: inout State, _ index: RecordFile) throws(CacheFileError) {
    let found = try index.records(from: state.seen)
    for record in found.records { state.records[record.key] = record }
    state.seen = found.next
  }
}

extension FileAccess {
  /// The payload of `record` with the right digest; nil where it is damaged.
  func floats(_ record: PackRecord) -> [Float]? {
    guard let size = try? size(), record.offset >= 0, record.length >= 0, record.length <= size - record.offset,
      record.length % MemoryLayout<Float>.stride == 0
    else { return nil }
    var isWhole = false
    // Every machine that this runs on is little endian.
    let values = [Float](unsafeUninitializedCapacity: record.length / MemoryLayout<Float>.stride) { buffer, filled in
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<record.length])
      isWhole = read(into: bytes, at: record.offset) && Digest(UnsafeRawBufferPointer(bytes)) == record.digest
      filled = isWhole ? record.length / MemoryLayout<Float>.stride : 0
    }
    return isWhole ? values : nil
  }

  /// Writes `values` at the end of the file; what could be written only in part is taken back.
  func append(_ values: [Float], at end: Int) throws(CacheFileError) {
    let result = values.withUnsafeBytes { bytes in
      Result { () throws(CacheFileError) in try write(bytes, at: end) }
    }
    if case .failure = result { ftruncate(descriptor, off_t(end)) }
    try result.get()
  }
}
