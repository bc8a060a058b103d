import Crypto
import Foundation

/// The first 128 bits of a SHA-256: what clips, chains and payloads of the cache are known by.
struct Digest: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  /// Of `bytes`.
  init(_ bytes: UnsafeRawBufferPointer) {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    self.init(hash.finalize())
  }

  /// Of the UTF-8 bytes of `text`.
  init(_ text: String) { self = Array(text.utf8).withUnsafeBytes { Digest($0) } }

  /// Of the file at `path`, read a mebibyte at a time; nil where it cannot be read.
  init?(file path: String) {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { chunk.deallocate() }
    var hash = SHA256()
    while true {
      let count = read(descriptor, chunk.baseAddress, chunk.count)
      if count == 0 { break }
      if count > 0 {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: chunk[..<count]))
      } else if errno != EINTR {
        return nil
      }
    }
    self.init(hash.finalize())
  }

  private init(_ hash: SHA256.Digest) {
    (high, low) = hash.withUnsafeBytes {
      ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
  }

  /// 32 hexadecimal digits.
  var text: String {
    [high, low].map { word in
      let digits = String(word.bigEndian, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
