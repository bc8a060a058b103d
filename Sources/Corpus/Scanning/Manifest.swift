import Diagnostics
import Foundation
import Spec

/// A list of clip names with, where the list tells, the duration of each.
public struct Manifest: Sendable {
  public struct Entry: Sendable {
    /// Path below the corpus's folder.
    public let file: String
    /// From the column `seconds`, or from `bytes` as the size of a 16-bit mono WAV at 16 kHz: (bytes - 44) / 32000.
    public let seconds: Double?
  }

  public let entries: [Entry]
  private let name: String
  private let table: CSVTable

  /// Reads a table with the column `file` and perhaps `seconds` or `bytes`; other columns are the
  /// fields of a corpus that has a table. Throws a
  /// `DiagnosticFailure`: `data.manifest_missing`, `data.manifest_column`, `data.manifest_entry` with every bad row, or
  /// what `CSVTable` finds.
  public init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.manifest_missing", .error, "cannot read the manifest \(path)", detail: "Is it a file that you may read?"
        )
      ])
    }
    try self.init(SourceFile(name: path, text: Array(data)))
  }

  /// Reads the same from a text at hand.
  public init(_ file: SourceFile) throws {
    let table = try CSVTable(file)
    guard let fileColumn = table.column("file") else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.manifest_column", .error, "the manifest \(file.name) has no column `file`",
          detail: "Its columns are: \(table.header.joined(separator: ", ")).")
      ])
    }
    let secondsColumn = table.column("seconds")
    let bytesColumn = table.column("bytes")
    var problems: [Diagnostic] = []
    entries = table.rows.map { row in
      let name = row.fields[fileColumn]
      if !Self.staysInside(name) {
        problems.append(
          Diagnostic(
            "data.manifest_entry", .error, "'\(name)' is not the path of a file below the corpus's folder",
            detail: "A name is relative and has no `.` or `..` in it.", at: table.span(of: row)))
      }
      guard let column = secondsColumn ?? bytesColumn else { return Entry(file: name, seconds: nil) }
      let text = row.fields[column]
      let seconds = Double(text).map { secondsColumn == nil ? ($0 - 44) / 32_000 : $0 }
      guard let seconds, seconds > 0, seconds <= Self.longest else {
        problems.append(
          Diagnostic(
            "data.manifest_entry", .error,
            "'\(text)' is not the \(secondsColumn == nil ? "size" : "duration") of a clip",
            detail:
              "Column `\(table.header[column])` must give a clip of more than 0 and at most \(Int(Self.longest)) seconds.",
            at: table.span(of: row)))
        return Entry(file: name, seconds: nil)
      }
      return Entry(file: name, seconds: seconds)
    }
    name = file.name
    self.table = table
    if !problems.isEmpty { throw DiagnosticFailure(problems) }
  }

  /// The names as clips of `corpus` without audio: enough to see which clips would be in which set. Where the corpus has a
  /// table, the manifest's columns stand for it if the label is among them. The names of clips of joined corpora begin with
  /// the corpus's name as a folder. Throws as `scan` does.
  public func references(corpus: CorpusSpec) throws -> CorpusScan {
    let place = "the manifest \(name)"
    guard !corpus.parts.isEmpty else {
      return try collector(corpus, entries).finish(place: place, needsAllRows: false)
    }
    var ofPart: [String: [Entry]] = [:]
    for entry in entries {
      let pieces = entry.file.split(separator: "/", maxSplits: 1).map(String.init)
      guard pieces.count == 2, corpus.parts.contains(where: { $0.name == pieces[0] }) else {
        throw DiagnosticFailure([
          Diagnostic(
            "data.manifest_corpus", .error, "nothing tells which corpus '\(entry.file)' belongs to",
            detail: "In a manifest for joined corpora a name begins with the corpus's: "
              + corpus.parts.map { "\($0.name)/..." }.joined(separator: ", ") + ".",
            suggestion: pieces.first.flatMap { nearest($0, in: corpus.parts.map(\.name)) })
        ])
      }
      ofPart[pieces[0], default: []].append(Entry(file: pieces[1], seconds: entry.seconds))
    }
    let scans = try corpus.parts.map { part in
      let found = try collector(part, ofPart[part.name] ?? [], prefix: part.name + "/")
      return (part, try found.finish(place: place, needsAllClasses: false, needsAllRows: false))
    }
    return try join(scans, as: corpus)
  }

  /// - Parameter prefix: what the paths of the corpus's clips begin with in the manifest, but not in `entries`.
  private func collector(_ corpus: CorpusSpec, _ entries: [Entry], prefix: String = "") throws -> NameCollector {
    let rows = try corpus.table.map { source in
      try table.column(corpus.labelField.value) == nil
        ? ClipTable(source, of: corpus, root: nil)
        : ClipTable(
          table, name: name, path: Located("file", at: source.path.span), extensions: corpus.extensions,
          prefix: prefix)
    }
    var collector = try NameCollector(corpus, table: rows)
    for entry in entries { collector.add(entry.file, audio: .absent, seconds: entry.seconds) }
    return collector
  }

  private static let longest = 600.0

  /// Whether a written file of this name is sure to land below the folder it is meant for.
  private static func staysInside(_ name: String) -> Bool {
    !name.utf8.contains(0)
      && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { $0 != "" && $0 != "." && $0 != ".." }
  }
}

/// The clips of `corpus` as the manifest at `path` names them, without audio. Throws as `Manifest` and `scan` do.
public func references(manifest path: String, corpus: CorpusSpec) throws -> CorpusScan {
  try Manifest(path: path).references(corpus: corpus)
}
