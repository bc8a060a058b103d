import Foundation

/// A file of fixed-size records behind a header of text, which several processes may append to and which survives every way of
/// being cut short: a record that does not have its checksum does not count.
///
/// The header is eight bytes of mark, the text's length, the digest of both with the text, and the text, filled with zeros to a
/// multiple of 64 bytes. Every change is made under an exclusive `flock`.
final class RecordFile: Sendable {
  private static let mark = Array("serspec1".utf8)
  private static let headerStart = 32

  let path: String
  private let file: FileAccess
  /// Where the records begin.
  private let start: Int
  /// What was wrong with the file when it was opened.
  let damage: Damage

  struct Damage: Sendable {
    /// The header was damaged: the file was emptied.
    var header = false
    /// Records that do not have their checksum, now void.
    var records = 0
  }

  /// Opens or makes the file at `path`. One whose header is damaged, or a text that `accepts` refuses, is emptied.
  ///
  /// - Parameters:
  ///   - text: the header of a new file.
  ///   - emptied: called under the lock where the file has no records, for what belongs to it.
  init(
    _ path: String, text: String, accepts: (String) -> Bool, emptied: () throws(CacheFileError) -> Void
  ) throws(CacheFileError) {
    self.path = path
    file = FileAccess(descriptor: try Self.openLocked(path))
    var damage = Damage()
    var hasHeader = false
    do throws(CacheFileError) {
      let size = try file.size()
      if let known = Self.text(of: file, size: size), accepts(known) {
        hasHeader = true
        start = Self.header(known).count
        // The rest of a record that was being written when its process died.
        let rest = (size - start) % PackRecord.size
        if rest > 0 {
          damage.records += 1
          guard ftruncate(file.descriptor, off_t(size - rest)) == 0 else { throw CacheFileError("cut") }
        }
        for place in Self.damaged(file, from: start, to: size - rest) {
          damage.records += 1
          try file.write(PackRecord.void.bytes, at: place)
        }
      } else {
        damage.header = size > 0
        let header = Self.header(text)
        start = header.count
        guard ftruncate(file.descriptor, 0) == 0 else { throw CacheFileError("empty") }
        try emptied()
        try file.write(header, at: 0)
      }
    } catch {
      // A file without a header would look damaged.
      if !hasHeader { unlink(path) }
      close(file.descriptor)
      throw error
    }
    self.damage = damage
    flock(file.descriptor, LOCK_UN)
  }

  deinit { close(file.descriptor) }

  /// Runs `body` while no other process or object changes the file.
  func locked<Value>(_ body: () throws(CacheFileError) -> Value) throws(CacheFileError) -> Value {
    while flock(file.descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw CacheFileError("lock") }
    }
    defer { flock(file.descriptor, LOCK_UN) }
    return try body()
  }

  /// The records from the one at index `first` on, which may be of other processes, void ones left out; and the index behind the last.
  func records(from first: Int) throws(CacheFileError) -> (records: [PackRecord], next: Int) {
    let next = max(first, (try file.size() - start) / PackRecord.size)
    guard next > first, let bytes = file.read((next - first) * PackRecord.size, at: place(first)) else {
      return ([], first)
    }
    return (Self.records(in: bytes).compactMap { $0 == .void ? nil : $0 }, next)
  }

  /// Appends records; under the lock. What could be written only in part is taken back.
  func append(_ records: [PackRecord]) throws(CacheFileError) {
    let end = place((try file.size() - start) / PackRecord.size)
    do {
      try file.write(records.flatMap(\.bytes), at: end)
    } catch {
      ftruncate(file.descriptor, off_t(end))
      throw error
    }
  }

  /// Notes that the file was used now.
  func touch() { futimens(file.descriptor, nil) }

  /// The text of the header and the records of the file at `path`, with the number of damaged ones; nil where the header is damaged.
  static func contents(_ path: String) -> (text: String, records: [PackRecord], damaged: Int)? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let file = FileAccess(descriptor: descriptor)
    // Nobody is in the middle of writing while this waits.
    flock(descriptor, LOCK_SH)
    guard let size = try? file.size(), let text = text(of: file, size: size),
      case let start = header(text).count, let rest = file.read(size - start, at: start)
    else { return nil }
    let records = records(in: rest)
    return (
      text, records.compactMap { $0 == .void ? nil : $0 },
      records.count { $0 == nil } + (rest.count % PackRecord.size == 0 ? 0 : 1)
    )
  }

  private func place(_ index: Int) -> Int { start + index * PackRecord.size }

  /// Where damaged records begin.
  private static func damaged(_ file: FileAccess, from start: Int, to end: Int) -> [Int] {
    guard let bytes = file.read(end - start, at: start) else { return [] }
    return records(in: bytes).enumerated().filter { $1 == nil }.map { start + $0.offset * PackRecord.size }
  }

  private static func records(in bytes: [UInt8]) -> [PackRecord?] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / PackRecord.size).map { index in
        PackRecord(UnsafeRawBufferPointer(rebasing: bytes[index * PackRecord.size..<(index + 1) * PackRecord.size]))
      }
    }
  }

  /// The text of the header; nil where it is damaged.
  private static func text(of file: FileAccess, size: Int) -> String? {
    guard size >= headerStart, let head = file.read(headerStart, at: 0) else { return nil }
    let length = head[8..<16].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(size - headerStart), let bytes = file.read(Int(length), at: headerStart) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    let header = header(text)
    return file.read(min(header.count, size), at: 0) == header ? text : nil
  }

  private static func header(_ text: String) -> [UInt8] {
    let text = Array(text.utf8)
    let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
    let digest = (mark + length + text).withUnsafeBytes { Digest($0) }
    var bytes = mark + length
    for word in [digest.high, digest.low] { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
    bytes += text
    return bytes + [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
  }

  /// The file, made if need be, under an exclusive lock.
  private static func openLocked(_ path: String) throws(CacheFileError) -> Int32 {
    // Another process may remove the file between opening and locking it: then the new one is tried.
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw CacheFileError("open") }
      while flock(descriptor, LOCK_EX) != 0 {
        if errno == EINTR { continue }
        let error = CacheFileError("lock")
        close(descriptor)
        throw error
      }
      var held = stat()
      var found = stat()
      if fstat(descriptor, &held) == 0, stat(path, &found) == 0, held.st_ino == found.st_ino,
        held.st_dev == found.st_dev
      {
        return descriptor
      }
      close(descriptor)
    }
  }
}
