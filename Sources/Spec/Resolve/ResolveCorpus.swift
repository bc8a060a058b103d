import Diagnostics
import Syntax

/// The corpus `name`, without a spec around it: the name of a file in `corpora` of the working directory, of a folder
/// above it or of the library, or the path of a corpus file.
///
/// - Throws: `DiagnosticFailure` with everything that is wrong with the file.
public func resolveCorpus(_ name: String, libraryFolders: [String], vocabulary: Vocabulary) throws -> CorpusSpec {
  let findings = Findings()
  let file = SourceFile(name: "--corpus", text: name)
  let end = SourcePosition(line: 1, column: name.unicodeScalars.count + 1)
  let span = SourceSpan(file: file, start: SourcePosition(line: 1, column: 1), end: end)
  let loader = CorpusLoader(root: file, libraryFolders: libraryFolders, findings: findings)
  guard let written = loader.load(Node(string: name, at: span)) else { throw DiagnosticFailure(findings.all) }
  let evaluator = Evaluator(findings: findings)
  let expander = Expander(vocabulary: vocabulary, evaluator: evaluator, blocks: [:])
  let tree = expander.expand(written, as: .group(corpusTable), in: Scope(), at: "corpus")
  let decoder = Decoder(vocabulary: vocabulary, findings: findings, record: expander.record)
  let anchor = tree.entries?.first?.key.span ?? tree.span
  let values = decoder.group(tree, corpusTable, Subject("the corpus file", anchor: anchor), at: "corpus")
  CorpusChecks(findings: findings, record: expander.record).check(tree, "the corpus file", anchor: anchor)
  let builder = SpecBuilder(root: file, vocabulary: vocabulary, findings: findings)
  guard findings.errorCount == 0, let values, let corpus = builder.corpus(values), findings.errorCount == 0 else {
    throw DiagnosticFailure(findings.all)
  }
  return corpus
}
