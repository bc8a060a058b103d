import Diagnostics
import Syntax

/// Checks how nodes are connected, on the expanded tree, so that it works beside errors in other places.
struct GraphChecks {
  let vocabulary: Vocabulary
  let findings: Findings
  let record: ExpansionRecord
  /// Warnings are about what this file itself holds.
  let root: SourceFile

  private struct GraphNode {
    let name: Located<String>
    /// nil where they could not be read, which has been reported.
    let inputs: [Located<String>]?
  }

  func check(_ tree: Node) {
    guard let modelEntry = tree.entry(forKey: "model"), let model = modelEntry.value.entries,
      !record.failed.contains("model")
    else { return }
    let features = tree.value(forKey: "features")?.entries ?? []
    for feature in features { _ = checkName(feature.key, "feature", findings) }
    for node in model { _ = checkName(node.key, "node", findings) }
    checkClashes(features, model)

    let nodes = model.map { GraphNode(name: $0.key, inputs: inputs(of: $0)) }
    let names = nodes.map(\.name.value)
    let hasOutput = names.contains(outputNode)
    if !hasOutput {
      findings.add(
        Diagnostic(
          "node.missing", "the model has no node '\(outputNode)'",
          detail: "The output of the model is the node with that name: one value for each class.",
          at: modelEntry.key.span, suggestion: nil))
    }
    // Without its features, nothing can be said of names.
    guard tree.value(forKey: "features")?.entries != nil, !record.failed.contains("features") else { return }
    let areKnown = checkInputs(nodes, known: features.map(\.key.value) + names)
    checkCycles(nodes)
    guard areKnown, hasOutput, nodes.allSatisfy({ $0.inputs != nil }) else { return }
    let used = Set(nodes.flatMap { $0.inputs ?? [] }.map(\.value))
    warnUnused(nodes, features, used)
  }

  /// The names that feed a node.
  private func inputs(of entry: Entry) -> [Located<String>]? {
    let path = below("model", entry.key.value)
    guard let fields = entry.value.entries, !record.failed.contains(path) else { return nil }
    var sources: [[Located<String>]?] = []
    for field in fields where !field.value.isNull {
      if field.key.value == "from" {
        sources.append(names([field.value], at: [below(path, "from")]))
      } else if let kind = vocabulary.kind(field.key.value, of: .combinator), let primary = kind.table.primary {
        let list = kind.table.longForm(field.value).value(forKey: primary)?.items
        let listPath = below(below(path, kind.name), primary)
        sources.append(
          list.flatMap { items in names(items, at: [listPath] + items.indices.map { below(listPath, String($0)) }) })
      }
    }
    return sources.count == 1 ? sources[0] : nil
  }

  private func names(_ nodes: [Node], at paths: [String]) -> [Located<String>]? {
    guard record.failed.isDisjoint(with: paths) else { return nil }
    let names = nodes.compactMap { node in
      node.scalar.flatMap { $0.isNull ? nil : Located($0.text, at: node.span) }
    }
    return names.count == nodes.count ? names : nil
  }

  private func checkClashes(_ features: [Entry], _ model: [Entry]) {
    for node in model {
      guard let feature = features.first(where: { $0.key.value == node.key.value }) else { continue }
      findings.add(
        Diagnostic(
          "name.clash", "'\(node.key.value)' is the name of a feature too",
          detail: "'from' could mean either of them. Rename one.", at: node.key.span,
          notes: [DiagnosticNote("the feature", at: feature.key.span)]))
    }
  }

  private func checkInputs(_ nodes: [GraphNode], known: [String]) -> Bool {
    let names = Set(known)
    var areKnown = true
    for node in nodes {
      for input in node.inputs ?? [] where !names.contains(input.value) {
        areKnown = false
        findings.add(
          Diagnostic(
            "input.unknown", "there is no feature or node '\(input.value)'",
            detail: "Known are \(wordList(known.filter { $0 != node.name.value })).", at: input.span,
            suggestion: nearest(input.value, in: known.filter { $0 != node.name.value })))
      }
    }
    return areKnown
  }

  /// Reports each cycle once: what is left after taking away, again and again, nodes whose inputs are all done.
  private func checkCycles(_ nodes: [GraphNode]) {
    let byName = Dictionary(nodes.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    var waiting: [String: Int] = [:]
    var users: [String: [String]] = [:]
    for node in nodes {
      let inputs = Set((node.inputs ?? []).map(\.value)).filter { byName[$0] != nil }
      waiting[node.name.value] = inputs.count
      for input in inputs { users[input, default: []].append(node.name.value) }
    }
    var ready = nodes.map(\.name.value).filter { waiting[$0] == 0 }
    var left = Set(nodes.map(\.name.value))
    while let name = ready.popLast() {
      left.remove(name)
      for user in users[name] ?? [] {
        waiting[user, default: 0] -= 1
        if waiting[user] == 0 { ready.append(user) }
      }
    }
    // Each node that is left has an input that is left: walking back along these must come round.
    var visited: Set<String> = []
    for node in nodes where left.contains(node.name.value) {
      var walk: [Located<String>] = []
      var current = node
      while visited.insert(current.name.value).inserted,
        let input = current.inputs?.first(where: { left.contains($0.value) }), let next = byName[input.value]
      {
        walk.append(input)
        current = next
      }
      if current.name.value == node.name.value, !walk.isEmpty {
        report(walk)
      } else if let entrance = walk.firstIndex(where: { $0.value == current.name.value }), entrance < walk.count - 1 {
        report(Array(walk[(entrance + 1)...]))
      }
    }
  }

  private func report(_ cycle: [Located<String>]) {
    guard let last = cycle.last else { return }
    findings.add(
      Diagnostic(
        "node.cycle", "'\(last.value)' feeds itself",
        detail: "A node can only use what is computed before it.", at: last.span,
        notes: cycle.dropLast().reversed().map { DiagnosticNote("by way of '\($0.value)'", at: $0.span) }))
  }

  private func warnUnused(_ nodes: [GraphNode], _ features: [Entry], _ used: Set<String>) {
    for node in nodes
    where node.name.value != outputNode && !used.contains(node.name.value) && node.name.span.file === root {
      findings.add(
        Diagnostic(
          "node.unused", .warning, "nothing uses the node '\(node.name.value)'",
          detail: "The model's output is '\(outputNode)'. Feed it by this node, or remove the node.", at: node.name.span
        ))
    }
    for feature in features where !used.contains(feature.key.value) && feature.key.span.file === root {
      findings.add(
        Diagnostic(
          "feature.unused", .warning, "no node uses the feature '\(feature.key.value)'",
          detail: "Remove it, or feed a node by it.", at: feature.key.span))
    }
  }
}
