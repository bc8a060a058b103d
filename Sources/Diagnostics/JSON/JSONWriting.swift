extension JSON {
  /// How a document is laid out.
  public enum TextStyle: Sendable {
    /// One line without spaces after separators: for headers and hashes.
    case compact
    /// One line with a space after `:` and `,`: for a row of a `.jsonl` file.
    case line
    /// Two spaces a level and a line break at the end; arrays of plain values stay on one line, so that matrices read as such.
    case indented
  }

  /// The document as UTF-8 text.
  ///
  /// - Parameter sortedKeys: whether objects are written by key (in the order of Unicode scalars) rather than as they were built.
  public func text(_ style: TextStyle = .indented, sortedKeys: Bool = false) -> String {
    var writer = JSONTextWriter(style: style, sortedKeys: sortedKeys)
    writer.write(self, depth: 0)
    if case .indented = style { writer.text += "\n" }
    return writer.text
  }

  /// `text` as a JSON string, quotes included.
  public static func quoted(_ text: String) -> String {
    let digits = Array("0123456789abcdef")
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        result += "\\u00"
        result.append(digits[Int(scalar.value >> 4)])
        result.append(digits[Int(scalar.value & 15)])
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Whether this is neither an array nor an object.
  fileprivate var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }
}

private struct JSONTextWriter {
  let style: JSON.TextStyle
  let sortedKeys: Bool
  var text = ""

  init(style: JSON.TextStyle, sortedKeys: Bool) {
    self.style = style
    self.sortedKeys = sortedKeys
  }

  mutating func write(_ value: JSON, depth: Int) {
    switch value {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += String(number)
    // Swift's description is the shortest that reads back; its forms (`1e-05`, `100.0`) are JSON numbers.
    case .number(let number): text += number.isFinite ? number.description : "null"
    case .string(let string): text += JSON.quoted(string)
    case .array(let items):
      let breaks = indents && !items.allSatisfy(\.isPlain)
      list(items, open: "[", close: "]", breaks: breaks, depth: depth) { writer, item in
        writer.write(item, depth: depth + 1)
      }
    case .object(let members):
      let ordered =
        sortedKeys
        ? members.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) } : members
      list(ordered, open: "{", close: "}", breaks: indents, depth: depth) { writer, member in
        writer.text += JSON.quoted(member.key) + (writer.style == .compact ? ":" : ": ")
        writer.write(member.value, depth: depth + 1)
      }
    }
  }

  private var indents: Bool { style == .indented }

  private mutating func list<Item>(
    _ items: [Item], open: String, close: String, breaks: Bool, depth: Int,
    item write: (inout JSONTextWriter, Item) -> Void
  ) {
    text += open
    for (index, item) in items.enumerated() {
      if index > 0 { text += breaks || style == .compact ? "," : ", " }
      if breaks { text += "\n" + String(repeating: "  ", count: depth + 1) }
      write(&self, item)
    }
    if breaks, !items.isEmpty { text += "\n" + String(repeating: "  ", count: depth) }
    text += close
  }
}
