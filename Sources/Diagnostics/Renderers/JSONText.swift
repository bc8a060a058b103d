/// The little of JSON (RFC 8259) that findings need, written with sorted keys so that equal findings give equal bytes.
indirect enum JSONValue {
  case null
  case integer(Int)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

  static func optional(_ number: Int?) -> JSONValue { number.map(JSONValue.integer) ?? .null }

  /// The value as text, indented by two spaces a level.
  func text(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .null: return "null"
    case .integer(let value): return String(value)
    case .string(let value): return quoted(value)
    case .array(let values):
      return wrapped(values.map { inner + $0.text(indent: inner) }, "[", "]", indent)
    case .object(let members):
      let lines = members.sorted { $0.key < $1.key }
        .map { "\(inner)\(quoted($0.key)): \($0.value.text(indent: inner))" }
      return wrapped(lines, "{", "}", indent)
    }
  }

  private func wrapped(_ lines: [String], _ open: String, _ close: String, _ indent: String) -> String {
    lines.isEmpty ? open + close : "\(open)\n\(lines.joined(separator: ",\n"))\n\(indent)\(close)"
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<" ", "\u{7F}", "\u{2028}", "\u{2029}":
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
