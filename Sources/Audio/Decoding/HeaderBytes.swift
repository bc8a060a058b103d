import Foundation

/// A few bytes of a file; fewer than asked for where the file ends.
struct HeaderBytes {
  private let bytes: [UInt8]

  init(descriptor: Int32, at offset: Int, count: Int) {
    bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, readFully(descriptor, UnsafeMutableRawBufferPointer(buffer), count, at: offset))
    }
  }

  var count: Int { bytes.count }

  /// The bytes as ASCII; empty where they are not all there.
  func text(_ range: Range<Int>) -> String {
    range.upperBound <= bytes.count ? String(decoding: bytes[range], as: UTF8.self) : ""
  }

  /// Whether the bytes begin with `start`.
  func begins(with start: [UInt8]) -> Bool { bytes.starts(with: start) }

  func byte(_ offset: Int) -> UInt8 { bytes[offset] }

  /// Whether the `count` bytes from `offset` on are letters, digits and other printable ASCII.
  func isPrintable(_ range: Range<Int>) -> Bool {
    range.upperBound <= bytes.count && bytes[range].allSatisfy { (0x20..<0x7F).contains($0) }
  }

  func little(_ offset: Int, bytes count: Int) -> Int {
    bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  func big(_ offset: Int, bytes count: Int) -> Int {
    bytes[offset..<offset + count].reduce(0) { ($0 << 8) | Int($1) }
  }

  func slice(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }
}

/// Reads up to `count` bytes from `offset` on into `buffer`, which has room for them. Returns how many there were: fewer at the end of
/// the file or where it cannot be read on.
func readFully(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ count: Int, at offset: Int) -> Int {
  guard let base = buffer.baseAddress else { return 0 }
  var done = 0
  while done < count {
    let read = pread(descriptor, base + done, count - done, off_t(offset + done))
    if read > 0 {
      done += read
    } else if read == 0 || errno != EINTR {
      break
    }
  }
  return done
}
