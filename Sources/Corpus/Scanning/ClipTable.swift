import Diagnostics
import Foundation
import Spec

/// The table of a corpus: a row of fields for each clip, found by the clip's path.
struct ClipTable {
  /// The columns but the one with the path.
  let columns: [String]
  private let table: CSVTable
  private let pathColumn: Int
  private let extensions: [String]
  /// Rows by path without ending.
  private let rows: [String: Int]
  let name: String

  /// The table that `source` of `corpus` names: beside the corpus file, else in the folder `root` of the audio.
  ///
  /// Throws a `DiagnosticFailure`: `data.table_missing`, or what `init(_:path:extensions:)` finds.
  init(_ source: CorpusTableSource, of corpus: CorpusSpec, root: String?) throws {
    let places = [besideFile(of: source.file)] + (root.map { ["\($0)/\(source.file.value)"] } ?? [])
    for place in places {
      guard let data = FileManager.default.contents(atPath: place) else { continue }
      let table = try CSVTable(SourceFile(name: place, text: Array(data)), separator: source.separator)
      try self.init(table, name: place, path: source.path, extensions: corpus.extensions)
      return
    }
    throw DiagnosticFailure([
      Diagnostic(
        "data.table_missing", .error, "cannot read the table \(source.file.value) of corpus '\(corpus.name)'",
        detail: "Looked for \(places.joined(separator: " and for ")).", at: source.file.span)
    ])
  }

  /// Reads a table whose column `path` names the clips; with `prefix`, those whose paths begin so, without it. Throws a `DiagnosticFailure`: `data.table_column`, or
  /// `data.table_row` with every row that names no clip or one that another row names.
  init(
    _ table: CSVTable, name: String, path: Located<String>, extensions: [String], prefix: String = ""
  ) throws {
    guard let pathColumn = table.column(path.value) else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.table_column", .error, "the table \(name) has no column '\(path.value)' for the clips' paths",
          detail: "Its columns are \(table.header.joined(separator: ", ")).", at: path.span,
          suggestion: nearest(path.value, in: table.header))
      ])
    }
    var rows: [String: Int] = [:]
    var problems: [Diagnostic] = []
    for (index, row) in table.rows.enumerated() {
      let written = row.fields[pathColumn]
      guard written.hasPrefix(prefix) else { continue }
      let key = Self.key(String(written.dropFirst(prefix.count)), extensions)
      if key.isEmpty {
        problems.append(
          Diagnostic("data.table_row", .error, "a row of \(name) names no clip", at: table.span(of: row)))
      } else if let first = rows[key] {
        problems.append(
          Diagnostic(
            "data.table_row", .error, "two rows of \(name) are about '\(written)'",
            detail: "Nothing says which of them holds.", at: table.span(of: row),
            notes: [DiagnosticNote("the first one", at: table.span(of: table.rows[first]))]))
      } else {
        rows[key] = index
      }
    }
    if !problems.isEmpty { throw DiagnosticFailure(Array(problems.prefix(20))) }
    self.table = table
    self.name = name
    self.pathColumn = pathColumn
    self.extensions = extensions
    self.rows = rows
    columns = table.header.enumerated().filter { $0.offset != pathColumn }.map(\.element)
  }

  /// The row about the clip at `path` below the corpus's folder; nil where there is none.
  func row(for path: String) -> Int? {
    let key = Self.key(path, extensions)
    return rows[key] ?? rows[fileName(key)]
  }

  /// The fields of a row, in the order of `columns`.
  func values(of row: Int) -> [String] {
    table.rows[row].fields.enumerated().filter { $0.offset != pathColumn }.map(\.element)
  }

  var rowCount: Int { table.rows.count }

  /// The path of a row as written.
  func path(of row: Int) -> String { table.rows[row].fields[pathColumn] }

  /// The place of a row.
  func span(of row: Int) -> SourceSpan { table.span(of: table.rows[row]) }

  /// Tables are made on all systems and say `./` or `\`, and name files with or without ending.
  private static func key(_ path: String, _ extensions: [String]) -> String {
    var key = path.trimmingCharacters(in: .whitespaces).replacing("\\", with: "/")
    while key.hasPrefix("./") { key.removeFirst(2) }
    let lowercased = key.lowercased()
    if let ending = extensions.first(where: { lowercased.hasSuffix("." + $0) }) { key.removeLast(ending.count + 1) }
    return key
  }
}
