import Diagnostics
import Foundation
import Spec

/// Finds the clips of `corpus` in the folder `root` and all folders below it.
///
/// Links are followed, each folder is entered once, and names that begin with a dot are passed over. Throws a
/// `DiagnosticFailure`: `data.corpus_missing` where there is no such folder, `data.folder_unreadable`, `data.no_clips`,
/// `data.class_empty`, `data.table_*`, or the mistakes of `CorpusLayout`. The folder of joined corpora holds a folder
/// for each, called as the corpus is.
public func scan(corpus: CorpusSpec, root: String) throws -> CorpusScan {
  if !corpus.parts.isEmpty { return try scan(corpus: corpus, folders: try CorpusFolders([root], corpus: corpus)) }
  return try scan(part: corpus, root: root, needsAllClasses: true)
}

/// The same for a corpus that joins no others. `needsAllClasses`: whether a class without clips is an error.
func scan(part corpus: CorpusSpec, root: String, needsAllClasses: Bool) throws -> CorpusScan {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else {
    throw DiagnosticFailure([corpusMissing(corpus, "the folder \(root) of corpus '\(corpus.name)' does not exist")])
  }
  guard isFolder.boolValue else {
    throw DiagnosticFailure([
      corpusMissing(corpus, "\(root) should be the folder of corpus '\(corpus.name)' but is a file")
    ])
  }
  var collector = try NameCollector(
    corpus, table: try corpus.table.map { try ClipTable($0, of: corpus, root: root) })
  try walkFiles(under: root) { file in
    if file.isUTF8 {
      collector.add(file.name, audio: .file(path: file.path))
    } else {
      collector.addUnreadable(file.name)
    }
  }
  return try collector.finish(place: "the folder \(root)", needsAllClasses: needsAllClasses)
}

/// The error for audio that is not there, with what the corpus file says about getting it.
func corpusMissing(_ corpus: CorpusSpec, _ summary: String) -> Diagnostic {
  var detail = "Give the folder with --data DIR, or set `root` in the corpus file."
  if !corpus.obtain.isEmpty {
    detail += " How to get the corpus:\n" + corpus.obtain.trimmingCharacters(in: .newlines)
  }
  return Diagnostic("data.corpus_missing", .error, summary, detail: detail, at: corpus.root.writtenSpan)
}
