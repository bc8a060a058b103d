/// A text that spans point into: a spec file, or a value given with `--set`.
///
/// Identity matters, not content: two spans are in the same file when they share the object.
public final class SourceFile: Sendable {
  /// How people know the text: a path as the user gave it, or `--set lr`.
  public let name: String
  /// The whole text.
  public let text: [UInt8]
  /// The offset of each line's first byte; line 1 is at index 0.
  public let lineStarts: [Int]
  /// Whether every character is one byte, so that columns are offsets.
  let isASCII: Bool

  /// Keeps `text` and finds its lines. `\n`, `\r\n` and a lone `\r` end a line, as in YAML 1.1.
  public init(name: String, text: [UInt8]) {
    self.name = name
    self.text = text
    var starts = [0]
    for (index, byte) in text.enumerated() {
      let next = index + 1
      if byte == 0x0A || (byte == 0x0D && !(next < text.count && text[next] == 0x0A)) { starts.append(next) }
    }
    lineStarts = starts
    isASCII = text.allSatisfy { $0 < 0x80 }
  }

  /// Keeps the UTF-8 bytes of `text`.
  public convenience init(name: String, text: String) {
    self.init(name: name, text: Array(text.utf8))
  }

  /// The text of line `number`, counted from 1, without its line break; empty past the end.
  public func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : text.count
    while end > start, text[end - 1] == 0x0A || text[end - 1] == 0x0D { end -= 1 }
    return String(decoding: text[start..<end], as: UTF8.self)
  }
}
