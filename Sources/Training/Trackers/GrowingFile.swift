import Diagnostics
import Glibc

/// A file that grows while a run goes on, one whole record at a time, for readers that follow it.
final class GrowingFile {
  let path: String
  private let descriptor: Int32
  private var count: Int

  /// Opens `path`, creating it where it is not there, and cuts off what stands behind its first `count` bytes.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  init(_ path: String, keeping count: Int) throws {
    self.path = path
    self.count = count
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0o666)
    guard descriptor >= 0 else { throw FileFailure.write(path, doing: "open the file", code: errno) }
    guard ftruncate(descriptor, off_t(count)) == 0 else {
      throw FileFailure.write(path, doing: "cut the file", code: errno)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds bytes at the end. Where that fails the file is left as it was, so that it can be read.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  func append(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done) }
      if written < 0 {
        if errno == EINTR { continue }
        let code = errno
        _ = ftruncate(descriptor, off_t(count))
        throw FileFailure.write(path, doing: "write", code: code)
      }
      done += written
    }
    count += done
  }

  /// Makes what was written last through a power cut.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  func sync() throws {
    guard fsync(descriptor) == 0 else { throw FileFailure.write(path, doing: "sync the file", code: errno) }
  }
}
