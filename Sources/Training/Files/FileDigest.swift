import Crypto
import Diagnostics
import Glibc

/// Fingerprints of files, for records that must tell whether data or weights are the same.
public enum FileDigest {
  /// SHA-256 of the file's bytes as 64 lower-case hexadecimal digits. Reads a mebibyte at a time.
  ///
  /// - Throws: `DiagnosticFailure` with `run.read_failed`.
  public static func sha256(ofFile path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure.read(path, doing: "open it", code: errno) }
    defer { close(descriptor) }
    var hash = SHA256()
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { chunk.deallocate() }
    while true {
      let count = read(descriptor, chunk.baseAddress, chunk.count)
      if count == 0 { return hex(hash.finalize()) }
      if count > 0 {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: chunk[..<count]))
      } else if errno != EINTR {
        throw FileFailure.read(path, doing: "read it", code: errno)
      }
    }
  }

  /// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
  public static func sha256(_ bytes: some Sequence<UInt8>) -> String {
    hex(SHA256.hash(data: Array(bytes)))
  }

  private static func hex(_ digest: SHA256.Digest) -> String {
    digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
