import Diagnostics
import Syntax

/// Finds the corpus that a spec names and reads its file.
struct CorpusLoader {
  let root: SourceFile
  let libraryFolders: [String]
  let findings: Findings

  /// The keys of the corpus that `value` names, or `value` itself where it is the mapping already; of a list, of `join` and of
  /// names with commas between, as `--corpus` takes them, those of a joined corpus.
  func load(_ value: Node) -> Node? {
    if value.items != nil {
      return JoinLoader(loader: self).load(
        Node(.mapping([Entry(key: Located("join", at: value.span), value: value)]), at: value.span))
    }
    if let scalar = value.scalar, scalar.text.contains(","), value.span.file.name.hasPrefix("--") {
      let names = scalar.text.split(separator: ",", omittingEmptySubsequences: false).map {
        Node(string: $0.trimmingPrefix { $0 == " " }.description, at: value.span)
      }
      return load(Node(.sequence(names), at: value.span))
    }
    guard let tree = loadOne(value) else { return nil }
    return tree.value(forKey: "join") == nil ? tree : JoinLoader(loader: self).load(tree)
  }

  /// The keys of a corpus, those of `join` not yet read.
  func loadOne(_ value: Node) -> Node? {
    guard let scalar = value.scalar, !scalar.isNull else {
      if value.entries != nil { return value }
      findings.add(
        Diagnostic(
          "value.type", "'corpus' must be a name, a path, a list of these or a mapping, but is \(value.described)",
          at: value.span))
      return nil
    }
    guard let path = find(Located(scalar.text, at: value.span)) else { return nil }
    guard let file = findings.read(path, namedAt: value.span), let tree = findings.collect({ try parseYAML(file) })
    else {
      return nil
    }
    guard tree.entries != nil else {
      findings.add(
        Diagnostic(
          "corpus.not_mapping", "a corpus file is a mapping, but this is \(tree.described)",
          detail: "Write one key a line: \(wordList(corpusTable.fields.map(\.name))).", at: tree.span))
      return nil
    }
    return tree
  }

  /// The path of the corpus's file.
  private func find(_ name: Located<String>) -> String? {
    let here = folder(of: name.span)
    if name.value.hasSuffix(".yaml") || name.value.hasSuffix(".yml") {
      // What is given on the command line is seen from the working directory, what is in a file from there.
      let path = Paths.join(name.span.file.name.hasPrefix("--") ? "." : here, name.value)
      if Paths.exists(path) { return path }
      findings.add(
        Diagnostic(
          "corpus.not_found", "there is no corpus file \(path)",
          detail:
            "A path is seen from the file that it is written in, and from the working directory on the command line.",
          at: name.span))
      return nil
    }
    guard !name.value.contains("/") else {
      findings.add(
        Diagnostic(
          "corpus.name", "'\(name.value)' is neither the name of a corpus nor the path of a corpus file",
          detail: "A name has no slash, and a path ends in .yaml.", at: name.span))
      return nil
    }
    let folders = searchFolders(from: here)
    for folder in folders {
      let path = Paths.join(folder, "\(name.value).yaml")
      if Paths.exists(path) { return path }
    }
    var seen: Set<String> = []
    let known = folders.flatMap { Paths.stems(in: $0, ending: ".yaml") }.filter { seen.insert($0).inserted }
    findings.add(
      Diagnostic(
        "corpus.not_found", "there is no corpus '\(name.value)'",
        detail: "Looked for \(name.value).yaml in a folder 'corpora' beside the spec, in the folders above it"
          + (libraryFolders.isEmpty ? "." : " and in the library.")
          + (known.isEmpty ? "" : " Found there: \(wordList(known))."),
        at: name.span, suggestion: nearest(name.value, in: known)))
    return nil
  }

  /// The folder of the file that a value was written in; that of the spec for values of the command line.
  private func folder(of span: SourceSpan) -> String {
    Paths.folder(of: span.file.name.hasPrefix("--") ? root.name : span.file.name)
  }

  /// `corpora` in `folder`, in every folder above it, then in the library's.
  private func searchFolders(from folder: String) -> [String] {
    var folders = [Paths.join(folder, "corpora")]
    var current = Paths.canonical(folder)
    while current != "/", !current.isEmpty {
      current = Paths.folder(of: current)
      folders.append(Paths.display(Paths.join(current, "corpora")))
    }
    return folders + libraryFolders.map { Paths.join($0, "corpora") }
  }
}
