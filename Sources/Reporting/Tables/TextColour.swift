/// Colours of results on a terminal: ANSI attributes (ECMA-48, SGR), or nothing at all.
struct TextColour: Sendable {
  enum Role: String {
    case added = "32"
    case removed = "31"
    case changed = "33"
    case moved = "36"
    case title = "1"
    case dim = "2"
  }

  let isOn: Bool

  func paint(_ text: String, _ role: Role) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
  }
}
