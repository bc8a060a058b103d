import Diagnostics

/// One line of a file, looked at without a parser, to explain what the parser could not read.
struct SourceLine {
  let map: SourceMap
  /// The scalars of the line without its break.
  let range: Range<Int>
  /// The same without blanks at both ends.
  let ink: Range<Int>

  /// The line that the scalar at `index` is in.
  init(at index: Int, in map: SourceMap) {
    self.map = map
    range = map.lineRange(at: index)
    var start = range.lowerBound
    while start < range.upperBound, isSpace(map.byte(start)) { start += 1 }
    ink = start..<map.trimmed(start, range.upperBound)
  }

  /// Blanks before the first character.
  var indent: Int { ink.lowerBound - range.lowerBound }

  var inkSpan: SourceSpan { map.span(ink.lowerBound, max(ink.upperBound, ink.lowerBound + 1)) }

  /// The tabs in the indentation, from the first to the last; nil where there are none.
  var tabs: Range<Int>? {
    let found = (range.lowerBound..<ink.lowerBound).filter { map.byte($0) == 0x09 }
    guard let first = found.first, let last = found.last, !ink.isEmpty else { return nil }
    return first..<last + 1
  }

  /// The first colon that parts a key from its value.
  var colon: Int? {
    ink.first { index in
      map.byte(index) == UInt8(ascii: ":") && (index + 1 == range.upperBound || isSpace(map.byte(index + 1)))
    }
  }

  /// What stands behind the colon, without blanks and comment.
  func value(after colon: Int) -> Range<Int> {
    var start = colon + 1
    while start < ink.upperBound, isSpace(map.byte(start)) { start += 1 }
    let comment = (start..<max(start, ink.upperBound)).first { index in
      map.byte(index) == UInt8(ascii: "#") && isSpace(map.byte(index - 1))
    }
    return start..<max(start, map.trimmed(start, comment ?? ink.upperBound))
  }

  /// The nearest line above that holds more than blanks and comments.
  var above: SourceLine? {
    var index = range.lowerBound - 1
    while index >= 0 {
      let line = SourceLine(at: index, in: map)
      if !line.ink.isEmpty, map.byte(line.ink.lowerBound) != UInt8(ascii: "#") { return line }
      index = line.range.lowerBound - 1
    }
    return nil
  }
}
