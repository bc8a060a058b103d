import Diagnostics
import Glibc

/// An open regular file of known size, closed when the last user lets go of it.
final class ReadableFile {
  let path: String
  /// In bytes, when the file was opened.
  let count: Int
  private let descriptor: Int32

  /// - Throws: `DiagnosticFailure` with `run.read_failed`, also where `path` is a folder or a device.
  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      count = 0
      throw FileFailure.read(path, doing: "open it", code: errno)
    }
    var status = stat()
    let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    count = isRegular ? Int(status.st_size) : 0
    // From here on the object is whole, so that `deinit` closes the file.
    if !isRegular { throw FileFailure.read(path, doing: "read it as a file", code: EISDIR) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// All bytes of a file.
  ///
  /// - Throws: `DiagnosticFailure` with `run.read_failed`.
  static func contents(_ path: String) throws -> [UInt8] {
    let file = try ReadableFile(path)
    return try file.bytes(at: 0, count: file.count)
  }

  /// - Throws: `DiagnosticFailure` with `run.read_failed`, also where the file has become shorter.
  func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      try read(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]), at: offset)
      initialized = count
    }
  }

  /// Little-endian single-precision numbers, `count` of them from byte `offset` on.
  ///
  /// - Throws: `DiagnosticFailure` with `run.read_failed`, also where the file has become shorter.
  func floats(at offset: Int, count: Int) throws -> [Float] {
    try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      let size = count * MemoryLayout<Float>.stride
      // Every machine that this runs on is little endian.
      try read(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size]), at: offset)
      initialized = count
    }
  }

  private func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < buffer.count {
      let count = pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        // It became shorter since it was opened.
        throw FileFailure.read(path, doing: "read it to its end", code: EIO)
      } else if errno != EINTR {
        throw FileFailure.read(path, doing: "read it", code: errno)
      }
    }
  }
}
