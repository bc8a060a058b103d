import Corpus
import Diagnostics
import Spec

/// The sets of a run as `splits` of its directory lists them.
struct RunSets {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  private func path(_ name: String) -> String { "\(directory)/splits/\(name).csv" }

  /// The clips of a set by their place in `list`, in the order of the record; `all` is training, validation and test.
  ///
  /// - Throws: `DiagnosticFailure`: `data.run_damaged`, `data.corpus_changed` where the corpus lacks clips of the set.
  func indices(_ set: RunEvaluation.ClipSet, in list: ClipList) throws -> [Int] {
    let places = Dictionary(
      list.clips.enumerated().map { ($1.relativePath, $0) }, uniquingKeysWith: { first, _ in first })
    let names = set == .all ? ["train", "val", "test"] : [set.rawValue]
    let files = try names.flatMap { name in
      let records = try RunTable(path(name))
      let column = try records.column("file")
      return records.table.rows.map { $0.fields[column] }
    }
    let missing = files.filter { places[$0] == nil }
    guard missing.isEmpty else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.corpus_changed",
          "the corpus lacks \(missing.count) of the \(files.count) clips of the run's \(set.rawValue) set",
          detail:
            "The first is \(missing[0]). Give the folder that the run was made with by --data, or another corpus by --corpus."
        )
      ])
    }
    return files.compactMap { places[$0] }
  }

  /// The class index of each training clip.
  ///
  /// - Throws: `DiagnosticFailure` (`data.run_damaged`).
  func trainingLabels(_ spec: ExperimentSpec) throws -> [Int] {
    let records = try RunTable(path("train"))
    let column = try records.column("label")
    return try records.table.rows.map { row in
      let label = row.fields[column]
      let index =
        spec.corpus.classes.firstIndex { $0.code.value == label } ?? spec.corpus.classes.firstIndex { $0.name == label }
      guard let index else {
        throw RunDamage.at(row.line, of: records.source, "names a class '\(label)' that the spec does not have")
      }
      return index
    }
  }

  /// A warning where the sound of `clips` is not what the run had.
  ///
  /// - Parameter digests: of the clips, in their order.
  func changedAudio(_ clips: [ClipReference], digests: [String]) -> [Diagnostic] {
    var recorded: [String: String] = [:]
    for name in ["train", "val", "test"] {
      guard let records = try? RunTable(path(name)), let file = records.table.column("file"),
        let audio = records.table.column("audio")
      else { continue }
      for row in records.table.rows { recorded[row.fields[file]] = row.fields[audio] }
    }
    let changed = zip(clips, digests).filter { clip, digest in
      recorded[clip.relativePath].map { $0 != digest } ?? false
    }
    guard let first = changed.first else { return [] }
    return [
      Diagnostic(
        "data.audio_changed", .warning, "the sound of \(changed.count) clips is not what the run was made with",
        detail: "The first is \(first.0.relativePath). splits/*.csv of the run has the digests that it saw.")
    ]
  }
}
