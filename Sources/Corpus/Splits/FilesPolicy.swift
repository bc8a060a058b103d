import Diagnostics
import Foundation
import Spec

/// `files`: three lists of clip names say who trains, validates and is tested, such as another study published.
struct FilesPolicy: SplitPolicy {
  static let kind = Kind(
    "files",
    summary: "Takes the sets from three lists of clip names, in the order of the lists.",
    formula: """
      A list is a text with a name a line (# begins a comment), or a CSV or TSV with a column `file`, as in a run's `splits`.
      Paths are relative to the spec. A name is the clip's path below the corpus's folder; without a slash, its file name will
      do, and its ending may be left out.
      """,
    example: "split: {policy: files, train: lists/train.txt, val: lists/val.txt, test: lists/test.txt}",
    table: FieldTable([
      Field("train", .string, doc: "The list of clips that train."),
      Field("val", .string, doc: "The list of clips that choose the checkpoint."),
      Field("test", .string, doc: "The list of clips that are tested."), SplitFields.speakersShared,
    ]))

  private let lists: [(set: String, path: Located<String>)]
  private let span: SourceSpan

  init(_ step: Step) throws {
    lists = ["train", "val", "test"].map { set in
      (set, Located(step.values.string(set), at: step.values[set].writtenSpan ?? step.span))
    }
    span = step.span
  }

  func split(_ clips: [ClipReference]) throws -> Split {
    let names = ClipNames(clips)
    var owner: [Int: (set: String, place: SourceSpan)] = [:]
    var sets: [[Int]] = []
    var problems: [Diagnostic] = []
    for (set, path) in lists {
      var indices: [Int] = []
      let listed = try Self.read(path)
      for (name, place) in listed {
        guard let index = names.index(name) else {
          problems.append(
            Diagnostic(
              "data.split_name", .error, "'\(name)' of the \(set) list is no clip of the corpus",
              detail: "The corpus has \(clips.count) clips, such as \(clips.first?.relativePath ?? "none").", at: place,
              suggestion: problems.count < 10 ? names.nearest(name) : nil))
          continue
        }
        if let first = owner[index] {
          problems.append(
            Diagnostic(
              "data.split_name_twice", .error,
              first.set == set
                ? "'\(name)' stands twice in the \(set) list"
                : "'\(name)' stands in the \(first.set) list and in the \(set) list",
              detail: "A clip belongs to one set, once.", at: place,
              notes: [DiagnosticNote("the first one", at: first.place)]))
          continue
        }
        owner[index] = (set, place)
        indices.append(index)
      }
      if listed.isEmpty { problems.append(emptySet(set, detail: "The list names none.", at: path.span)) }
      sets.append(indices)
    }
    if !problems.isEmpty { throw DiagnosticFailure(Array(problems.prefix(20))) }
    return Split(train: sets[0], val: sets[1], test: sets[2])
  }

  /// The names of a list with their places.
  private static func read(_ path: Located<String>) throws -> [(name: String, place: SourceSpan)] {
    let full = besideFile(of: path)
    guard let data = FileManager.default.contents(atPath: full) else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.split_list", .error, "cannot read the list \(full)",
          detail:
            "A path is seen from the file that it is written in, and from the working directory on the command line.",
          at: path.span)
      ])
    }
    let file = SourceFile(name: full, text: Array(data))
    let lowercased = full.lowercased()
    if lowercased.hasSuffix(".csv") || lowercased.hasSuffix(".tsv") {
      let table = try CSVTable(file)
      guard let column = table.column("file") else {
        throw DiagnosticFailure([
          Diagnostic(
            "data.split_list", .error, "the list \(full) has no column `file`",
            detail: "Its columns are \(table.header.joined(separator: ", ")).", at: path.span)
        ])
      }
      return table.rows.map { ($0.fields[column], table.span(of: $0)) }
    }
    var names: [(String, SourceSpan)] = []
    for number in 1...max(1, file.lineStarts.count) {
      let line = file.line(number).trimmingCharacters(in: .whitespacesAndNewlines)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let length = file.line(number).unicodeScalars.count
      names.append(
        (
          line,
          SourceSpan(
            file: file, start: SourcePosition(line: number, column: 1),
            end: SourcePosition(line: number, column: length + 1))
        ))
    }
    return names
  }
}
