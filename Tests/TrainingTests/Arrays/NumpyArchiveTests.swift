import Foundation
import TestSupport
import Testing
import Training

/// Archives for `numpy.load`. The same headers were read by NumPy 2 and by unzip, short and long forms, up to 70,001 entries.
@Suite struct NumpyArchiveTests {
  @Test("CRC-32 of known texts, in any pieces")
  func checksum() {
    func crc(_ parts: [UInt8]...) -> UInt32 {
      var crc = CRC32()
      for part in parts { crc.update(part) }
      return crc.value
    }
    #expect(crc(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(crc([]) == 0)
    #expect(crc(Array("The quick brown fox jumps over the lazy dog".utf8)) == 0x414F_A339)
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    #expect(crc(bytes) == crc(Array(bytes[..<13]), Array(bytes[13..<777]), Array(bytes[777...])))
  }

  @Test(
    "entries hold their arrays, whether sizes and places are written in 32 or 64 bits", arguments: [0xFFFF_FFFE, 100])
  func entries(largest: Int) throws {
    let folder = try TemporaryFolder()
    let values: [[Float]] = [[1, 2, 3], [4, .nan, -0.5]]
    try AtomicFile.write(
      arrays: [
        ("x", NumpyArray(shape: [2, 3], parts: values)), ("one", NumpyArray(shape: [3], parts: [values[0]])),
        ("files", NumpyArray(texts: ["a.wav", "ä"])),
      ], to: folder.file("a.npz"), largest: largest)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("a.npz"))))
    let archive = try StoredArchive(bytes)
    #expect(archive.entries.map(\.name) == ["x.npy", "one.npy", "files.npy"])
    #expect(archive.isLong == (largest == 100))
    for entry in archive.entries {
      var crc = CRC32()
      crc.update(entry.content)
      #expect(crc.value == entry.checksum, "\(entry.name)")
    }
    let x = try NumpyFile(archive.entries[0].content)
    #expect(x.header == "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }")
    #expect(x.start % 64 == 0)
    #expect(x.floats.map(\.bitPattern) == values.flatMap { $0 }.map(\.bitPattern))
    #expect(try NumpyFile(archive.entries[1].content).header.contains("'shape': (3,), "))
    let names = try NumpyFile(archive.entries[2].content)
    #expect(names.header == "{'descr': '<U5', 'fortran_order': False, 'shape': (2,), }")
    #expect(names.words == [0x61, 0x2E, 0x77, 0x61, 0x76, 0xE4, 0, 0, 0, 0])
  }
}

/// What NumPy wrote before the values of an array, and the values.
private struct NumpyFile {
  let header: String
  let start: Int
  let words: [UInt32]

  init(_ bytes: [UInt8]) throws {
    try #require(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
    start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    try #require(bytes[start - 1] == 0x0A)
    header = String(decoding: bytes[10..<start], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    words = stride(from: start, to: bytes.count, by: 4).map { place in
      (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    }
  }

  var floats: [Float] { words.map(Float.init(bitPattern:)) }
}

/// A ZIP archive of stored entries, read from its directory as the specification says.
private struct StoredArchive {
  struct Entry {
    let name: String
    let checksum: UInt32
    let content: [UInt8]
  }

  private(set) var entries: [Entry] = []
  /// Whether the directory's place is written in 64 bits.
  let isLong: Bool

  init(_ bytes: [UInt8]) throws {
    func number(_ place: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    let end = bytes.count - 22
    try #require(number(end, 4) == 0x0605_4B50)
    var (count, place) = (number(end + 10, 2), number(end + 16, 4))
    isLong = place == 0xFFFF_FFFF
    if isLong {
      try #require(number(end - 20, 4) == 0x0706_4B50)
      let long = number(end - 12, 8)
      try #require(number(long, 4) == 0x0606_4B50)
      (count, place) = (number(long + 32, 8), number(long + 48, 8))
    }
    for _ in 0..<count {
      try #require(number(place, 4) == 0x0201_4B50 && number(place + 10, 2) == 0)
      var (size, offset) = (number(place + 24, 4), number(place + 42, 4))
      let (nameLength, extraLength) = (number(place + 28, 2), number(place + 30, 2))
      var extra = place + 46 + nameLength + 4
      if size == 0xFFFF_FFFF {
        size = number(extra, 8)
        extra += 16
      }
      if offset == 0xFFFF_FFFF { offset = number(extra, 8) }
      try #require(number(offset, 4) == 0x0403_4B50)
      let start = offset + 30 + number(offset + 26, 2) + number(offset + 28, 2)
      entries.append(
        Entry(
          name: String(decoding: bytes[(place + 46)..<(place + 46 + nameLength)], as: UTF8.self),
          checksum: UInt32(number(place + 16, 4)), content: Array(bytes[start..<start + size])))
      place += 46 + nameLength + extraLength
    }
  }
}
