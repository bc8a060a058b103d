import Diagnostics

/// A table read from comma-separated values (or with another separator), as RFC 4180 defines them: quoted fields may hold commas, line breaks and
/// doubled quotes; lines end in CRLF or LF; a byte order mark is passed over, and so are empty lines.
public struct CSVTable: Sendable {
  public struct Row: Sendable {
    /// The line that the row begins at, counted from 1.
    public let line: Int
    /// As many as the header has.
    public let fields: [String]
  }

  /// The names of the columns.
  public let header: [String]
  public let rows: [Row]
  private let file: SourceFile

  /// Reads a table with a header line and `separator` between columns. Throws a `DiagnosticFailure` (`data.csv_*`) that names the first bad line.
  public init(_ file: SourceFile, separator: Character = ",") throws {
    self.file = file
    guard let text = String(validating: file.text, as: UTF8.self) else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.csv_encoding", .error, "\(file.name) is not a text in UTF-8", detail: "Save the table as UTF-8.")
      ])
    }
    var parser = CSVParser(text, separator: separator.unicodeScalars.first ?? ",")
    var records: [Row] = []
    while let record = try parser.next(in: file) {
      if record.fields != [""] { records.append(record) }
    }
    guard let first = records.first else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.csv_empty", .error, "\(file.name) is empty", detail: "Expected a header line and a row for each clip.")
      ])
    }
    for row in records where row.fields.count != first.fields.count {
      throw DiagnosticFailure([
        Diagnostic(
          "data.csv_fields", .error,
          "a row of \(file.name) has \(row.fields.count) fields where the header has \(first.fields.count)",
          detail: "A field that holds a comma must be quoted.", at: Self.span(of: row.line, in: file))
      ])
    }
    header = first.fields
    rows = Array(records.dropFirst())
  }

  /// The index of the column `name`; nil where there is none.
  public func column(_ name: String) -> Int? { header.firstIndex(of: name) }

  /// The place of a row.
  public func span(of row: Row) -> SourceSpan { Self.span(of: row.line, in: file) }

  fileprivate static func span(of line: Int, in file: SourceFile) -> SourceSpan {
    let length = file.line(line).unicodeScalars.count
    return SourceSpan(
      file: file, start: SourcePosition(line: line, column: 1), end: SourcePosition(line: line, column: length + 1))
  }
}

/// Splits a text into records.
private struct CSVParser {
  private let scalars: [UnicodeScalar]
  private let separator: UnicodeScalar
  private var index = 0
  private var line = 1

  init(_ text: String, separator: UnicodeScalar) {
    self.separator = separator
    scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { index = 1 }
  }

  /// The next record, or nil at the end.
  mutating func next(in file: SourceFile) throws -> CSVTable.Row? {
    guard index < scalars.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(try field(in: file))
      guard index < scalars.count else { break }
      let end = scalars[index]
      index += 1
      if end == separator { continue }
      // The field ended at a line break.
      if end == "\r", index < scalars.count, scalars[index] == "\n" { index += 1 }
      line += 1
      break
    }
    return CSVTable.Row(line: start, fields: fields)
  }

  /// Reads up to the next separator, line break or end, which it leaves.
  private mutating func field(in file: SourceFile) throws -> String {
    var text = String.UnicodeScalarView()
    guard index < scalars.count, scalars[index] == "\"" else {
      while index < scalars.count, !isEnd(scalars[index]) {
        text.append(scalars[index])
        index += 1
      }
      return String(text)
    }
    let start = line
    var isClosed = false
    index += 1
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if scalar == "\"" {
        guard index < scalars.count, scalars[index] == "\"" else {
          isClosed = index == scalars.count || isEnd(scalars[index])
          break
        }
        index += 1
      } else if scalar == "\n" || (scalar == "\r" && !(index < scalars.count && scalars[index] == "\n")) {
        line += 1
      }
      text.append(scalar)
    }
    guard isClosed else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.csv_quote", .error, "a quoted field of \(file.name) does not end in a quote",
          detail: "A quote inside a quoted field is written twice.", at: CSVTable.span(of: start, in: file))
      ])
    }
    return String(text)
  }

  private func isEnd(_ scalar: UnicodeScalar) -> Bool { scalar == separator || scalar == "\n" || scalar == "\r" }
}
