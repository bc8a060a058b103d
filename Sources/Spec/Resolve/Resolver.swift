import Diagnostics
import Syntax

/// Runs the phases one after the other: load and merge, settings, parameters, corpus, expansion, decoding, graph.
/// A phase goes on beside the errors of an earlier one as far as that makes sense, so that all are reported in one go.
struct Resolver {
  let root: SourceFile
  let options: ResolveOptions
  let vocabulary: Vocabulary
  let findings: Findings
  /// What expansion uses up, for `explain`.
  var provenance = Provenance()

  mutating func resolve() -> ExperimentSpec? {
    var loader = Loader(vocabulary: vocabulary, libraryFolders: options.libraryFolders, findings: findings)
    guard let loaded = loader.load(root, bases: options.cell?.bases) else { return nil }
    let settings = Settings(vocabulary: vocabulary, findings: findings, defersCorpus: options.corpus != nil)
    let set = settings.apply(options.sets, cell: options.cell?.settings ?? [], to: loaded)

    let evaluator = Evaluator(findings: findings)
    let parameters = Parameters(
      set.tree.value(forKey: "params"), settings: set.parameters, evaluator: evaluator, vocabulary: vocabulary)
    let blocks = Block.read(set.tree.value(forKey: "blocks"), vocabulary: vocabulary, findings: findings)
    let expander = Expander(vocabulary: vocabulary, evaluator: evaluator, blocks: blocks)

    let needed = set.tree.value(forKey: "corpus").map(evaluator.allNames) ?? []
    let corpus = corpusEntry(in: set, settings, expander, Scope(globals: parameters.evaluate(only: needed)))
    let classes = corpus.flatMap { classCount($0.value) }.map(Binding.value) ?? .failed
    var scope = Scope(globals: parameters.evaluate(classes: classes))
    scope.globals["classes"] = classes
    provenance = Provenance(set.tree, scope.globals)

    expander.activations = activations(set.tree.value(forKey: "activations"), expander, scope)
    let expanded = expand(set.tree, corpus, expander, scope)
    let decoder = Decoder(
      vocabulary: vocabulary, findings: findings, record: expander.record,
      blockNames: blocks.keys.sorted() + expander.activations.keys.sorted())
    let anchor = expanded.entries?.first?.key.span ?? expanded.span
    let values = decoder.group(expanded, specTable(vocabulary), .spec(anchor: anchor), at: "")
    if let corpus = expanded.entry(forKey: "corpus") {
      CorpusChecks(findings: findings, record: expander.record).check(corpus.value, "'corpus'", anchor: corpus.key.span)
    }
    GraphChecks(vocabulary: vocabulary, findings: findings, record: expander.record, root: root).check(expanded)

    let builder = SpecBuilder(root: root, vocabulary: vocabulary, findings: findings)
    guard let values, var spec = builder.build(values, expanded), findings.errorCount == 0 else { return nil }
    spec.parameters = provenance.parameters.map { ($0.name.value, $0.value) }
    let named = Set(spec.parameters.map(\.name))
    spec.parameters += (options.cell?.values ?? []).filter { !named.contains($0.key) }.map { ($0.key, $0.value) }
    UnusedChecks(findings: findings, root: root, expander: expander)
      .check(set.tree)
    return spec
  }

  /// Everything but what expansion uses up. The corpus has been expanded before, since `classes` comes from it.
  private func expand(_ tree: Node, _ corpus: Entry?, _ expander: Expander, _ scope: Scope) -> Node {
    let rest = tree.removing { ["params", "activations", "blocks", "corpus", "sweep"].contains($0) }
    let expanded = expander.expand(rest, as: .group(specTable(vocabulary)), in: scope, at: "")
    guard let corpus else { return expanded }
    return expanded.setting(corpus.key, to: corpus.value)
  }

  /// The named activations, with the values of parameters in their formulas; nil for one that is at fault.
  private func activations(_ node: Node?, _ expander: Expander, _ scope: Scope) -> [String: NamedActivation?] {
    guard let node, let kind = vocabulary.kind(NamedActivation.kindName, of: .layer) else { return [:] }
    let written = expander.expand(node, as: .dictionary(.group(kind.table)), in: scope, at: "activations")
    let failed = Set(
      (written.entries ?? []).map(\.key.value).filter { name in
        let path = below("activations", name)
        return expander.record.failed.contains { $0 == path || $0.hasPrefix(path + ".") }
      })
    let read = NamedActivation.read(
      written.entries == nil ? written : written.removing(where: failed.contains), blocks: expander.blocks,
      vocabulary: vocabulary, findings: findings)
    return failed.reduce(into: read) { $0[$1] = .some(nil) }
  }

  /// The corpus as a mapping; where that could not be had, as it was written and recorded as failed.
  private func corpusEntry(
    in set: Settings.Outcome, _ settings: Settings, _ expander: Expander, _ scope: Scope
  ) -> Entry? {
    var entry = set.tree.entry(forKey: "corpus")
    if let name = options.corpus {
      let file = SourceFile(name: "--corpus", text: name)
      let end = SourcePosition(line: 1, column: name.unicodeScalars.count + 1)
      let span = SourceSpan(file: file, start: SourcePosition(line: 1, column: 1), end: end)
      let node = Node(string: name, at: span).inPlace(of: entry?.value)
      entry = Entry(key: entry?.key ?? Located("corpus", at: span), value: node)
    }
    guard let entry, !entry.value.isNull else { return entry }
    let written = expander.expand(entry.value, as: corpusType, in: scope, at: "corpus")
    if expander.record.failed.contains("corpus") { return entry }

    let loader = CorpusLoader(root: root, libraryFolders: options.libraryFolders, findings: findings)
    guard let loaded = loader.load(written) else {
      expander.record.failed.insert("corpus")
      return entry
    }
    if written.entries != nil, written.value(forKey: "join") == nil { return Entry(key: entry.key, value: written) }
    // The parameters of a spec mean nothing in a corpus file, which many specs share.
    var tree = expander.expand(loaded, as: .group(corpusTable), in: Scope(), at: "corpus")
    for (path, value) in set.corpus {
      let key = (["corpus"] + path).joined(separator: ".")
      tree = settings.set(path[...], to: value, in: tree, as: .group(corpusTable), of: key) ?? tree
    }
    // What is missing in the file is reported there, not where the spec names it.
    let anchor = tree.entries?.first?.key.span ?? tree.span
    return Entry(key: Located("corpus", at: anchor), value: tree)
  }

  /// How many classes the corpus lists, at the place of the list.
  private func classCount(_ corpus: Node) -> Node? {
    guard let classes = corpus.value(forKey: "classes"),
      let count = classes.items?.count ?? classes.entries?.count ?? classes.asInteger
    else { return nil }
    return Node(integer: count, at: classes.span)
  }
}
