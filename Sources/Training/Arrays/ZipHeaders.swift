/// The headers of a ZIP archive of stored entries (PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 6.3.3), all dated 1980-01-01 so that
/// the same entries give the same bytes. Sizes and places that do not fit 32 bits are written in the form of ZIP64.
struct ZipHeaders {
  private struct Entry {
    let name: [UInt8]
    let checksum: UInt32
    let size: Int
    let offset: Int
  }

  /// What is larger than this is written in 64 bits.
  private let largest: Int
  private var entries: [Entry] = []
  private var offset = 0

  /// - Parameter largest: of a size or place in 32 bits; smaller in tests of the long form.
  init(largest: Int) { self.largest = largest }

  /// The header of an entry, which goes before its bytes.
  mutating func header(of array: NumpyArray, name: String) -> [UInt8] {
    var checksum = CRC32()
    array.forEachPart { checksum.update($0) }
    let entry = Entry(name: Array(name.utf8), checksum: checksum.value, size: array.byteCount, offset: offset)
    let isLong = entry.size > largest
    var header = Bytes(signature: 0x0403_4B50)
    common(entry, isLong: isLong, sizes: isLong ? [0xFFFF_FFFF, 0xFFFF_FFFF] : [entry.size, entry.size], to: &header)
    header.append(isLong ? 20 : 0, 2)
    header.bytes += entry.name
    if isLong { header.append(extra: [entry.size, entry.size]) }
    offset += header.bytes.count + entry.size
    entries.append(entry)
    return header.bytes
  }

  /// The directory, which goes behind the last entry.
  var directory: [UInt8] {
    let start = offset
    var all: [UInt8] = []
    for entry in entries {
      let isLong = entry.size > largest
      var header = Bytes(signature: 0x0201_4B50)
      header.append(45, 2)
      common(
        entry, isLong: isLong || entry.offset > largest,
        sizes: isLong ? [0xFFFF_FFFF, 0xFFFF_FFFF] : [entry.size, entry.size], to: &header)
      let long = (isLong ? [entry.size, entry.size] : []) + (entry.offset > largest ? [entry.offset] : [])
      header.append(long.isEmpty ? 0 : 4 + 8 * long.count, 2)
      // No comment, the first disk, neither text nor attributes.
      header.append(0, 2 + 2 + 2 + 4)
      header.append(entry.offset > largest ? 0xFFFF_FFFF : entry.offset, 4)
      header.bytes += entry.name
      if !long.isEmpty { header.append(extra: long) }
      all += header.bytes
    }
    let size = all.count
    if start > largest || size > largest || entries.count >= 0xFFFF {
      all += longEnd(start: start, size: size)
    }
    var end = Bytes(signature: 0x0605_4B50)
    end.append(0, 4)
    for _ in 0..<2 { end.append(min(entries.count, 0xFFFF), 2) }
    end.append(size > largest ? 0xFFFF_FFFF : size, 4)
    end.append(start > largest ? 0xFFFF_FFFF : start, 4)
    end.append(0, 2)
    return all + end.bytes
  }

  /// The end of the directory in 64 bits, and where it is.
  private func longEnd(start: Int, size: Int) -> [UInt8] {
    let place = start + size
    var end = Bytes(signature: 0x0606_4B50)
    end.append(44, 8)
    end.append(45, 2)
    end.append(45, 2)
    end.append(0, 8)
    for value in [entries.count, entries.count, size, start] { end.append(value, 8) }
    end.append(0x0706_4B50, 4)
    end.append(0, 4)
    end.append(place, 8)
    end.append(1, 4)
    return end.bytes
  }

  /// Version, flags, method, date, checksum, sizes and the name's length, as both headers have them.
  private func common(_ entry: Entry, isLong: Bool, sizes: [Int], to header: inout Bytes) {
    header.append(isLong ? 45 : 20, 2)
    // Names are UTF-8.
    header.append(1 << 11, 2)
    header.append(0, 2)
    header.append(0, 2)
    header.append(1 << 5 | 1, 2)
    header.append(Int(entry.checksum), 4)
    for size in sizes { header.append(size, 4) }
    header.append(entry.name.count, 2)
  }

  /// Little-endian numbers.
  private struct Bytes {
    var bytes: [UInt8] = []

    init(signature: Int) { append(signature, 4) }

    mutating func append(_ value: Int, _ count: Int) {
      for index in 0..<count { bytes.append(index < 8 ? UInt8(truncatingIfNeeded: value >> (8 * index)) : 0) }
    }

    /// The field that holds what does not fit 32 bits.
    mutating func append(extra values: [Int]) {
      append(1, 2)
      append(8 * values.count, 2)
      for value in values { append(value, 8) }
    }
  }
}

extension AtomicFile {
  /// Writes arrays to `path` as NumPy's `savez` does: a ZIP archive with an entry `NAME.npy` each. The same arrays give the
  /// same bytes.
  ///
  /// - Parameter largest: what is larger is written in 64 bits; for tests.
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  package static func write(
    arrays: [(name: String, array: NumpyArray)], to path: String, largest: Int = 0xFFFF_FFFE
  ) throws {
    try write(to: path) { file in
      var archive = ZipHeaders(largest: largest)
      for (name, array) in arrays {
        try archive.header(of: array, name: name + ".npy").withUnsafeBytes { try file.append($0) }
        try array.forEachPart { try file.append($0) }
      }
      try archive.directory.withUnsafeBytes { try file.append($0) }
    }
  }
}
