/// The colours of the text renderer: ANSI attributes (ECMA-48, SGR), or nothing at all.
struct TextStyle: Sendable {
  enum Role: String {
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case gutter = "1;34"
    case title = "1"
  }

  let color: Bool

  func mark(of severity: Severity) -> Role {
    switch severity {
    case .error: .error
    case .warning: .warning
    }
  }

  func paint(_ text: String, _ role: Role) -> String {
    color ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
  }
}
