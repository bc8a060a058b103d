import Foundation

/// A system call on a file of the cache that failed.
struct CacheFileError: Error {
  let action: String
  let code: Int32

  init(_ action: String, _ code: Int32 = errno) { (self.action, self.code) = (action, code) }

  /// `write: No space left on device`
  var text: String { "\(action): \(String(cString: strerror(code)))" }
}

/// Reads and writes at places of an open file, whole or not at all.
struct FileAccess {
  let descriptor: Int32

  /// The file's size in bytes.
  func size() throws(CacheFileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw CacheFileError("stat") }
    return Int(status.st_size)
  }

  /// Writes all of `bytes` at `offset`.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CacheFileError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        throw CacheFileError("write", count == 0 ? ENOSPC : errno)
      }
    }
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(CacheFileError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(CacheFileError) in try write(bytes, at: offset) }
    }
    try result.get()
  }

  /// Fills `buffer` from `offset` on; false where the file ends before, or cannot be read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < buffer.count {
      let count = pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        return false
      }
    }
    return true
  }

  /// `count` bytes from `offset` on; nil where the file ends before, or cannot be read.
  func read(_ count: Int, at offset: Int) -> [UInt8]? {
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      isWhole = read(
        into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]), at: offset)
      filled = isWhole ? count : 0
    }
    return isWhole ? bytes : nil
  }
}
