import Crypto
import Diagnostics
import Syntax

/// The spec as YAML that resolves to the same experiment: all defaults written out, nothing to expand. With `origins`,
/// a comment behind each value says where it came from: `# default`, `# specs/base/report.yaml:12`, `# --set lr`.
public func resolvedText(_ spec: ExperimentSpec, origins: Bool) -> String {
  guard origins else { return emitYAML(spec.resolved) }
  return emitYAML(spec.resolved) { _, node in
    // What holds more than scalars has an origin for each of its values instead.
    let isShort = node.entries?.isEmpty ?? node.items?.allSatisfy { $0.scalar != nil } ?? true
    return isShort ? originText(node.span) : nil
  }
}

/// Where a value came from, for people: `default`, `specs/base/report.yaml:12`, `--set lr`.
public func originText(_ span: SourceSpan) -> String {
  if span.file === standardSource { return span.file.name }
  return span.file.name.hasPrefix("--") ? span.file.name : "\(span.file.name):\(span.start.line)"
}

/// The keys that say nothing about what is computed.
let unhashedKeys: Set<String> = ["name", "doc", "track"]
let unhashedTrainingKeys: Set<String> = ["checkpoint"]
let unhashedCorpusKeys: Set<String> = ["root", "obtain", "title", "licence"]

/// SHA-256 of the canonical text of a resolved tree in lower-case hex.
func hash(ofResolved tree: Node) -> String {
  var canonical = tree.removing(where: unhashedKeys.contains)
  if let corpus = canonical.entry(forKey: "corpus") {
    canonical = canonical.setting(corpus.key, to: hashedCorpus(corpus.value))
  }
  if let train = canonical.entry(forKey: "train") {
    canonical = canonical.setting(train.key, to: train.value.removing(where: unhashedTrainingKeys.contains))
  }
  let digest = SHA256.hash(data: Array(emitYAML(canonical).utf8))
  return digest.map { byte in
    let hex = String(byte, radix: 16)
    return hex.count == 1 ? "0" + hex : hex
  }.joined()
}

/// What of a corpus changes results, also in the corpora that it joins.
private func hashedCorpus(_ corpus: Node) -> Node {
  let kept = corpus.removing(where: unhashedCorpusKeys.contains)
  guard let join = kept.entry(forKey: "join"), let items = join.value.items, !items.isEmpty else { return kept }
  return kept.setting(join.key, to: Node(.sequence(items.map(hashedCorpus)), at: join.value.span))
}
