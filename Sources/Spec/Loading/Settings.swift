import Diagnostics
import Syntax

/// Applies `--set KEY=VALUE` and the values of a sweep's cell to a tree: a dotted path of keys and list indices, or the name of a parameter.
struct Settings {
  let vocabulary: Vocabulary
  let findings: Findings
  /// Whether the spec's own corpus is going to be replaced, so that settings below it are meant for the other one.
  let defersCorpus: Bool

  /// A tree with the settings in it, and those that have to wait.
  struct Outcome {
    var tree: Node
    /// Values of parameters by name.
    var parameters: [String: Node] = [:]
    /// Settings below `corpus`, for when its file has been read.
    var corpus: [(path: [String], value: Node)] = []
  }

  /// Those of the command line, then those of a sweep's cell, which is what it says whatever else is set.
  func apply(
    _ sets: [(key: String, value: String)], cell: [(key: String, value: Node)] = [], to tree: Node
  ) -> Outcome {
    var outcome = Outcome(tree: tree)
    for (key, text) in sets {
      let file = SourceFile(name: "--set \(key)", text: text)
      guard let value = findings.collect({ try parseYAMLValue(file) }) else { continue }
      apply(key, value, to: &outcome)
    }
    for (key, value) in cell { apply(key, value, to: &outcome) }
    return outcome
  }

  private func apply(_ key: String, _ value: Node, to outcome: inout Outcome) {
    let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard path.allSatisfy({ !$0.isEmpty }) else {
      findings.add(
        Diagnostic(
          "set.key", "'\(key)' is not a path of keys",
          detail: "Write keys with dots between them, such as --set train.epochs=3.", at: value.span))
      return
    }
    let parameters = (outcome.tree.value(forKey: "params")?.entries ?? []).map(\.key.value)
    let name = path.count == 2 && path[0] == "params" ? path[1] : path[0]
    if path.count == 1 || path[0] == "params", parameters.contains(name), path.count <= 2 {
      outcome.parameters[name] = value.inPlace(of: outcome.parameters[name])
      return
    }
    let table = specTable(vocabulary)
    let settable = table.fields.map(\.name).filter { !["serspec", "extends", "sweep"].contains($0) }
    guard settable.contains(path[0]) else {
      let known = settable + parameters
      let suggestion = nearest(path[0], in: known)
      findings.add(
        Diagnostic(
          "set.unknown", "there is no key and no parameter '\(path[0])' to set",
          detail: "A spec has the keys \(wordList(settable))"
            + (parameters.isEmpty ? "." : "; this one has the parameters \(wordList(parameters))."),
          at: value.span, suggestion: suggestion))
      return
    }
    let isNamed = defersCorpus || outcome.tree.value(forKey: "corpus")?.entries == nil
    if path[0] == "corpus", path.count > 1, isNamed {
      outcome.corpus.append((Array(path.dropFirst()), value))
      return
    }
    if let tree = set(path[...], to: value, in: outcome.tree, as: .group(table), of: key) { outcome.tree = tree }
  }

  /// `node` with the part at `path` set to `value`; nil after reporting why that cannot be.
  func set(_ path: ArraySlice<String>, to value: Node, in node: Node?, as type: FieldType?, of key: String) -> Node? {
    guard let head = path.first else { return value.inPlace(of: node) }
    let rest = path.dropFirst()
    let node = node.flatMap { $0.isNull ? nil : $0 }
    let fitted = type.map { fit($0, to: node, before: head) }

    if fitted?.holdsItems == true || node?.items != nil {
      return setItem(head, rest, to: value, in: node, as: fitted, of: key)
    }
    guard let mapping = keyed(node, as: fitted, beside: value) else {
      findings.add(
        Diagnostic(
          "set.path", "'\(key)' leads below a value that has no parts, at '\(head)'",
          detail: "End the path before '\(head)'.", at: value.span))
      return nil
    }
    if case .group(let table) = fitted, table.field(head) == nil {
      findings.add(
        Diagnostic(
          "set.unknown", "'\(key)' leads to an unknown key, '\(head)'",
          detail: "The keys there are \(wordList(table.fields.map(\.name))).", at: value.span,
          suggestion: nearest(head, in: table.fields.map(\.name))))
      return nil
    }
    let old = mapping.value(forKey: head)
    let childType = fitted?.child(head, of: mapping, in: vocabulary)
    let longOld = rest.isEmpty ? old : old.map { longForm($0, childType) }
    guard let child = set(rest, to: value, in: longOld, as: childType, of: key) else { return nil }
    return putting(head, child, into: mapping, as: fitted, at: value.span)
  }

  private func longForm(_ node: Node, _ type: FieldType?) -> Node {
    if case .group(let table)? = type { table.longForm(node) } else { node }
  }

  /// The type that holds `head`: an absent value can become a list or a mapping.
  private func fit(_ type: FieldType, to node: Node?, before head: String) -> FieldType {
    let isIndex = Int(head) != nil
    if let node, node.scalar == nil { return type.fitting(node) }
    let shape = Node(isIndex ? .sequence([]) : .mapping([]), at: .standard)
    return type.fitting(shape)
  }

  /// The node as a mapping, long forms for short ones; nil where its type has no keys.
  private func keyed(_ node: Node?, as type: FieldType?, beside value: Node) -> Node? {
    let empty = Node(.mapping([]), at: value.span)
    switch type {
    case .group(let table):
      return node.map { table.longForm($0) } ?? empty
    case .variant(let tag, _):
      return node.map { $0.variantForm(tag: tag) } ?? empty
    case .dictionary:
      return node?.entries == nil ? (node == nil ? empty : nil) : node
    case .step:
      guard let parts = node?.stepParts else { return empty }
      let arguments = parts.arguments ?? .null(at: parts.name.span)
      return Node(.mapping([Entry(key: parts.name, value: arguments)]), at: node?.span ?? value.span)
    case nil:
      return node == nil || node?.entries != nil ? node ?? empty : nil
    default:
      return nil
    }
  }

  private func putting(
    _ key: String, _ child: Node, into mapping: Node, as type: FieldType?, at span: SourceSpan
  ) -> Node {
    let located = mapping.entry(forKey: key)?.key ?? Located(key, at: span)
    var kept = mapping
    switch type {
    case .step:
      kept = mapping.removing { $0 != key }
    case .group(let table) where table.exclusive.contains(key):
      kept = mapping.removing { $0 != key && table.exclusive.contains($0) }
    case .variant(let tag, let part) where key == tag:
      let dropped = Merging(vocabulary: vocabulary).keysOutside(mapping, tag: tag, part: part, kind: child)
      kept = mapping.removing { dropped.contains($0) }
    default:
      break
    }
    return kept.setting(located, to: child)
  }

  private func setItem(
    _ head: String, _ rest: ArraySlice<String>, to value: Node, in node: Node?, as type: FieldType?, of key: String
  ) -> Node? {
    let items = node?.items ?? []
    guard let index = Int(head), items.indices.contains(index) else {
      findings.add(
        Diagnostic(
          "set.index", "'\(key)' leads to item '\(head)' of a list of \(items.count)",
          detail: items.isEmpty
            ? "The list is empty: set it as a whole." : "Items count from 0, so the last one is \(items.count - 1).",
          at: value.span))
      return nil
    }
    let itemType = type?.item(of: node)
    guard let item = set(rest, to: value, in: items[index], as: itemType, of: key) else { return nil }
    var changed = items
    changed[index] = item
    return Node(.sequence(changed), at: node?.span ?? value.span, replacing: node?.replaced ?? [])
  }
}
