import Foundation

/// An entry of an index: 64 bytes, little endian, the last eight a checksum of the others.
struct PackRecord: Equatable, Sendable {
  static let size = 64
  private static let mark: UInt32 = 0x3152_5053

  /// What the entry is found by.
  let key: Digest
  /// Samples of the clip behind the audio chain, before it got its final length.
  let samples: Int
  /// Where the payload begins in the data file, and its length, in bytes.
  let offset: Int
  let length: Int
  /// The payload's digest; in the index of audio, that of the file.
  let digest: Digest

  init(key: Digest, samples: Int = 0, offset: Int = 0, length: Int = 0, digest: Digest) {
    self.key = key
    self.samples = samples
    self.offset = offset
    self.length = length
    self.digest = digest
  }

  /// Stands where a damaged entry was.
  static let void = PackRecord(key: Digest(high: 0, low: 0), digest: Digest(high: 0, low: 0))

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.size)
    func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    append(Self.mark)
    append(UInt32(samples))
    for word in [key.high, key.low, UInt64(offset), UInt64(length), digest.high, digest.low] { append(word) }
    append(bytes.withUnsafeBytes { Digest($0) }.high)
    return bytes
  }

  /// Reads 64 bytes; nil where they are damaged.
  init?(_ bytes: UnsafeRawBufferPointer) {
    func word(_ place: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
    guard bytes.count == Self.size,
      UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)) == Self.mark,
      word(56) == Digest(UnsafeRawBufferPointer(rebasing: bytes[..<56])).high,
      let offset = Int(exactly: word(24)), let length = Int(exactly: word(32))
    else { return nil }
    key = Digest(high: word(8), low: word(16))
    samples = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    self.offset = offset
    self.length = length
    digest = Digest(high: word(40), low: word(48))
  }
}
