import Corpus
import Diagnostics

/// Makes the messages about records that are not what a run wrote.
enum RunDamage {
  private static let advice = "The record is not what a run wrote. Run the experiment again with --force."

  /// A damaged line of a record; `finding` goes on from it: "has no column 'file'".
  static func at(_ line: Int, of source: SourceFile, _ finding: String) -> DiagnosticFailure {
    let width = max(1, source.line(line).unicodeScalars.count)
    let span = SourceSpan(
      file: source, start: SourcePosition(line: line, column: 1), end: SourcePosition(line: line, column: width + 1))
    return DiagnosticFailure([
      Diagnostic("data.run_damaged", "line \(line) of '\(source.name)' \(finding)", detail: advice, at: span)
    ])
  }

  /// A record that is damaged as a whole.
  static func of(_ path: String, _ finding: String) -> DiagnosticFailure {
    DiagnosticFailure([Diagnostic("data.run_damaged", "'\(path)' \(finding)", detail: advice)])
  }
}

/// A table of a run with the file that it was read from.
struct RunTable {
  let source: SourceFile
  let table: CSVTable

  /// - Throws: `DiagnosticFailure` with `run.read_failed` or `data.csv_*`.
  init(_ path: String) throws {
    source = SourceFile(name: path, text: try ReadableFile.contents(path))
    table = try CSVTable(source)
  }

  /// The place of the column `name`.
  ///
  /// - Throws: `DiagnosticFailure` with `data.run_damaged` where there is none.
  func column(_ name: String) throws -> Int {
    guard let index = table.column(name) else { throw RunDamage.at(1, of: source, "has no column '\(name)'") }
    return index
  }
}
