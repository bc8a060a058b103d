import Diagnostics
import Syntax

/// Reads a spec and all that it extends, and merges them into one tree.
struct Loader {
  /// Files in one spec; a chain or a fan of more is a mistake or an attack.
  static let fileLimit = 64

  let vocabulary: Vocabulary
  let libraryFolders: [String]
  let findings: Findings

  private enum Outcome {
    case underWay
    case done(Node?)
  }

  private var outcomes: [String: Outcome] = [:]
  private var chain: [Located<String>] = []

  init(vocabulary: Vocabulary, libraryFolders: [String], findings: Findings) {
    self.vocabulary = vocabulary
    self.libraryFolders = libraryFolders
    self.findings = findings
  }

  /// The merged tree without `extends`, or nil after reporting why there is none.
  ///
  /// - Parameter bases: what the file extends instead of what it says itself.
  mutating func load(_ file: SourceFile, bases: Node? = nil) -> Node? {
    let path = Paths.canonical(file.name)
    outcomes[path] = .underWay
    let tree = flatten(file, bases: bases)
    return findings.errorCount == 0 ? tree : nil
  }

  private mutating func flatten(_ file: SourceFile, bases: Node? = nil) -> Node? {
    guard let own = findings.collect({ try parseYAML(file) }) else { return nil }
    guard own.entries != nil else {
      findings.add(
        Diagnostic(
          "spec.not_mapping", "a spec is a mapping, but this is \(own.described)",
          detail: "Start with a line such as 'serspec: \(languageVersion)' and write one key a line below it.",
          at: own.span))
      return nil
    }
    var base: Node?
    var failed = false
    for parent in parents(bases ?? own.value(forKey: "extends")) {
      guard let tree = extended(parent, from: file) else {
        failed = true
        continue
      }
      // A name, a text about an experiment and its variants belong to one file only.
      let inherited = tree.removing { ["name", "doc", "sweep"].contains($0) }
      base = base.map { merging($0, inherited) } ?? inherited
    }
    if failed { return nil }
    let checked = checkingVersion(own.removing { $0 == "extends" })
    return base.map { merging($0, checked) } ?? checked
  }

  private func merging(_ base: Node, _ over: Node) -> Node {
    Merging(vocabulary: vocabulary).merge(base, with: over, as: .group(specTable(vocabulary)))
  }

  /// The paths that `extends` names.
  private func parents(_ value: Node?) -> [Located<String>] {
    guard let value, !value.isNull else { return [] }
    return (value.items ?? [value]).compactMap { item in
      guard let scalar = item.scalar, !scalar.isNull else {
        findings.add(
          Diagnostic(
            "value.type", "'extends' takes paths, but this is \(item.described)",
            detail: "Write the path of a spec, relative to this file, or a list of such paths.", at: item.span))
        return nil
      }
      guard !scalar.text.contains("${") else {
        findings.add(
          Diagnostic(
            "extends.expression", "'extends' cannot hold ${...}",
            detail: "Parameters are known only after all files have been read. Write the path itself.", at: item.span))
        return nil
      }
      return Located(scalar.text, at: item.span)
    }
  }

  /// The merged tree of the file that `parent` names.
  private mutating func extended(_ parent: Located<String>, from file: SourceFile) -> Node? {
    let path = find(parent.value, from: file)
    let identity = Paths.canonical(path)
    switch outcomes[identity] {
    case .done(let tree): return tree
    case .underWay:
      reportCycle(parent)
      return nil
    case nil: break
    }
    guard outcomes.count < Self.fileLimit else {
      findings.add(
        Diagnostic(
          "extends.limit", "a spec can be made of \(Self.fileLimit) files at most", at: parent.span))
      return nil
    }
    outcomes[identity] = .underWay
    chain.append(parent)
    let source = findings.read(path, namedAt: parent.span)
    let tree = source.flatMap { flatten($0) }
    chain.removeLast()
    outcomes[identity] = .done(tree)
    return tree
  }

  /// Beside the file that extends, else in a library.
  private func find(_ name: String, from file: SourceFile) -> String {
    let beside = Paths.join(Paths.folder(of: file.name), name)
    let candidates = [beside] + libraryFolders.map { Paths.join($0, name) }
    return candidates.first(where: Paths.exists) ?? beside
  }

  private func reportCycle(_ parent: Located<String>) {
    findings.add(
      Diagnostic(
        "extends.cycle", "'extends' leads back to a file that is being extended: \(parent.value)",
        detail: "A spec cannot start from itself. Move what both files share into a third one that both extend.",
        at: parent.span, notes: chain.reversed().map { DiagnosticNote("reached from here", at: $0.span) }))
  }

  /// Each file says for itself which language it is written in.
  private func checkingVersion(_ tree: Node) -> Node {
    guard let entry = tree.entry(forKey: "serspec"), entry.value.asInteger != languageVersion else { return tree }
    findings.add(
      Diagnostic(
        "spec.version",
        "this program reads version \(languageVersion) of the language, but this is "
          + entry.value.described, detail: "Write 'serspec: \(languageVersion)'.", at: entry.value.span,
        suggestion: String(languageVersion)))
    return tree.setting(entry.key, to: Node(integer: languageVersion, at: entry.value.span))
  }
}
