/// A table of texts for terminals and for Markdown, its columns aligned by what is seen, not by bytes.
public struct TextTable: Sendable {
  public enum Alignment: Sendable { case left, right }

  public struct Column: Sendable {
    public let title: String
    public let alignment: Alignment

    /// Numbers belong on the right.
    public init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  public let columns: [Column]
  private var rows: [[String]] = []

  public init(_ columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    for row in rows { add(row) }
  }

  /// Adds a row with as many cells as there are columns.
  public mutating func add(_ row: [String]) {
    precondition(row.count == columns.count, "a row has a cell for each column")
    rows.append(row)
  }

  /// For terminals: two spaces between columns, a rule below the titles, no spaces at line ends, a line break at the end.
  public func text() -> String {
    let cells = ([columns.map(\.title)] + rows).map { $0.map(Self.onOneLine) }
    let widths = self.widths(cells)
    var lines = cells.map { line($0, widths: widths, separator: "  ") }
    lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
    return lines.map { Self.withoutTrailingSpaces($0) + "\n" }.joined()
  }

  /// As a table of GitHub's Markdown, also readable as text.
  public func markdown() -> String {
    let cells = ([columns.map(\.title)] + rows).map { $0.map { Self.escaped(Self.onOneLine($0)) } }
    let widths = self.widths(cells).map { max(3, $0) }
    var lines = cells.map { "| " + line($0, widths: widths, separator: " | ") + " |" }
    let rule = zip(columns, widths).map { column, width in
      column.alignment == .right
        ? String(repeating: "-", count: width + 1) + ":" : String(repeating: "-", count: width + 2)
    }
    lines.insert("|" + rule.joined(separator: "|") + "|", at: 1)
    return lines.map { $0 + "\n" }.joined()
  }

  private func widths(_ cells: [[String]]) -> [Int] {
    columns.indices.map { column in cells.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
  }

  private func line(_ cells: [String], widths: [Int], separator: String) -> String {
    cells.indices.map { index in
      let padding = String(repeating: " ", count: widths[index] - DisplayWidth.of(cells[index]))
      return columns[index].alignment == .right ? padding + cells[index] : cells[index] + padding
    }.joined(separator: separator)
  }

  private static func onOneLine(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("|", with: "\\|")
  }

  private static func withoutTrailingSpaces(_ line: String) -> String {
    var end = line.endIndex
    while end > line.startIndex, line[line.index(before: end)] == " " { end = line.index(before: end) }
    return String(line[..<end])
  }
}
