extension SourceFile {
  /// The text of a span of this file, scalar by scalar with its place; line breaks are left out. Ends with the file.
  public func scalars(in span: SourceSpan) -> [Located<Unicode.Scalar>] {
    var result: [Located<Unicode.Scalar>] = []
    for line in span.start.line...max(span.start.line, span.end.line) where line <= lineStarts.count {
      var column = line == span.start.line ? span.start.column : 1
      for scalar in decoded(line, from: column) {
        let place = SourcePosition(line: line, column: column)
        guard place < span.end else { break }
        column += 1
        guard scalar != "\n", scalar != "\r" else { continue }
        let end = SourcePosition(line: line, column: column)
        result.append(Located(scalar, at: SourceSpan(file: self, start: place, end: end)))
      }
    }
    return result
  }

  private func decoded(_ line: Int, from column: Int) -> some Sequence<Unicode.Scalar> {
    let start = lineStarts[max(line, 1) - 1]
    let end = line < lineStarts.count ? lineStarts[line] : text.count
    return LazyDecoder(bytes: text[offset(of: column, from: start, to: end)..<end])
  }

  /// The offset of a column in the line between two offsets. Every byte but those that continue a character begins a
  /// column.
  private func offset(of column: Int, from start: Int, to end: Int) -> Int {
    if isASCII { return min(start + column - 1, end) }
    var left = column - 1
    return text.withUnsafeBufferPointer { text in
      for offset in start..<end where text[offset] & 0xC0 != 0x80 {
        if left == 0 { return offset }
        left -= 1
      }
      return end
    }
  }
}

/// Unicode scalars of UTF-8 bytes, decoded as they are asked for.
private struct LazyDecoder: Sequence, IteratorProtocol {
  private var iterator: ArraySlice<UInt8>.Iterator
  private var codec = UTF8()

  init(bytes: ArraySlice<UInt8>) {
    iterator = bytes.makeIterator()
  }

  mutating func next() -> Unicode.Scalar? {
    switch codec.decode(&iterator) {
    case .scalarValue(let scalar): scalar
    case .emptyInput: nil
    case .error: "\u{FFFD}"
    }
  }
}
