import Diagnostics

/// Finds places in a file by the number of Unicode scalars before them, the way in which libyaml counts.
struct SourceMap {
  let file: SourceFile
  /// How many scalars the file has.
  let count: Int
  /// The byte offset of every scalar and of the end; nil where the text is ASCII and both are the same.
  private let offsets: [UInt32]?
  /// How many scalars stand before each line.
  private let lineStarts: [Int]

  /// `file` holds well-formed UTF-8 of less than 4 GiB.
  init(_ file: SourceFile) {
    self.file = file
    guard file.text.contains(where: { $0 >= 0x80 }) else {
      count = file.text.count
      offsets = nil
      lineStarts = file.lineStarts
      return
    }
    var offsets: [UInt32] = []
    offsets.reserveCapacity(file.text.count + 1)
    var lineStarts: [Int] = []
    for (offset, byte) in file.text.enumerated() where byte & 0xC0 != 0x80 {
      if lineStarts.count < file.lineStarts.count, file.lineStarts[lineStarts.count] == offset {
        lineStarts.append(offsets.count)
      }
      offsets.append(UInt32(offset))
    }
    count = offsets.count
    offsets.append(UInt32(file.text.count))
    // A break at the very end of the file begins a line that has no scalar.
    while lineStarts.count < file.lineStarts.count { lineStarts.append(count) }
    self.offsets = offsets
    self.lineStarts = lineStarts
  }

  /// The byte offset of the scalar at `index`, or of the file's end.
  func offset(_ index: Int) -> Int {
    let index = min(max(index, 0), count)
    return offsets.map { Int($0[index]) } ?? index
  }

  /// The first byte of the scalar at `index`; zero outside the file.
  func byte(_ index: Int) -> UInt8 {
    index >= 0 && index < count ? file.text[offset(index)] : 0
  }

  /// The line and column of the scalar at `index`.
  func position(_ index: Int) -> SourcePosition {
    let index = min(max(index, 0), count)
    let line = self.line(of: index)
    return SourcePosition(line: line + 1, column: index - lineStarts[line] + 1)
  }

  /// The span from one scalar up to but not including another.
  func span(_ start: Int, _ end: Int) -> SourceSpan {
    SourceSpan(file: file, start: position(start), end: position(max(start, end)))
  }

  /// The index of a place in the file.
  func index(_ position: SourcePosition) -> Int {
    min(lineStarts[min(max(position.line, 1), lineStarts.count) - 1] + position.column - 1, count)
  }

  /// The text between two scalars.
  func text(_ start: Int, _ end: Int) -> String {
    String(decoding: file.text[offset(start)..<max(offset(start), offset(end))], as: UTF8.self)
  }

  /// The scalars of the line that `index` is in, without its break.
  func lineRange(at index: Int) -> Range<Int> {
    let line = self.line(of: min(max(index, 0), count))
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] : count
    while end > start, byte(end - 1) == 0x0A || byte(end - 1) == 0x0D { end -= 1 }
    return start..<end
  }

  /// `end` moved back over blanks and line breaks, but not before `start`.
  func trimmed(_ start: Int, _ end: Int) -> Int {
    var end = min(end, count)
    while end > start, isSpace(byte(end - 1)) { end -= 1 }
    return end
  }

  private func line(of index: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= index { low = middle } else { high = middle }
    }
    return low
  }
}

/// Whether the byte is a blank or ends a line.
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
