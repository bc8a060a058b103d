import Diagnostics
import Syntax

/// Asks for the keys that a corpus needs, which depend on where its labels come from: no field table can say that.
struct CorpusChecks {
  let findings: Findings
  let record: ExpansionRecord

  /// - Parameters:
  ///   - subject: what the corpus is called in messages.
  ///   - anchor: where a missing key is reported.
  func check(_ corpus: Node, _ subject: String, anchor: SourceSpan) {
    guard let entries = corpus.entries, !record.failed.contains("corpus") else { return }
    let given = Set(entries.filter { !$0.value.isNull && $0.value.items?.isEmpty != true }.map(\.key.value))
    // A key of this name that is not known most likely was meant; the decoder suggests it.
    let meant = entries.map(\.key.value).filter { corpusTable.field($0) == nil }.compactMap {
      nearest($0, in: corpusTable.fields.map(\.name).filter { !given.contains($0) })
    }
    func needs(_ names: [String], _ subject: String, at anchor: SourceSpan) {
      for name in names where !given.contains(name) && !meant.contains(name) {
        guard let field = corpusTable.field(name) else { continue }
        findings.add(
          Diagnostic(
            "key.missing", "\(subject) has no '\(name)'", detail: "Add '\(name):'. \(field.doc)", at: anchor))
      }
    }
    if given.contains("join") {
      for key in ["pattern", "table", "label", "speaker", "sentence", "gender", "intensity", "synthesize", "root"]
      where given.contains(key) {
        guard let entry = corpus.entry(forKey: key), entry.value.scalar?.text != "" else { continue }
        findings.add(
          Diagnostic(
            "key.exclusive", "\(subject) has both 'join' and '\(key)'",
            detail: "Each of the joined corpora says for itself how its clips are read.", at: entry.key.span))
      }
      needs(["name", "classes"], subject, at: anchor)
      for part in corpus.value(forKey: "join")?.items ?? [] where part.entries != nil {
        check(part, "a joined corpus", anchor: part.entries?.first?.key.span ?? anchor)
      }
      return
    }
    needs(["name", "label", "classes"], subject, at: anchor)
    if !given.contains("table") { needs(["pattern"], subject, at: anchor) }
  }
}
