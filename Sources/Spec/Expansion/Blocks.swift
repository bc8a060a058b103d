import Diagnostics
import Syntax

/// A block of `blocks`: the names that a use gives values to, and the layers that stand for it.
struct Block {
  struct Parameter {
    let name: Located<String>
    /// nil where a use must give a value.
    let standard: Node?
  }

  let name: Located<String>
  let parameters: [Parameter]
  let layers: Node

  /// The blocks of a spec by name; nil for one whose definition is at fault, which has then been reported.
  static func read(_ node: Node?, vocabulary: Vocabulary, findings: Findings) -> [String: Block?] {
    guard let node, !node.isNull else { return [:] }
    guard let entries = node.entries else {
      findings.add(
        Diagnostic(
          "value.type", "'blocks' is a mapping from names to blocks, but this is \(node.described)",
          detail: "Write 'name:' and below it 'layers:'.", at: node.span))
      return [:]
    }
    var blocks: [String: Block?] = [:]
    for entry in entries {
      blocks[entry.key.value] = .some(read(entry, vocabulary: vocabulary, findings: findings))
    }
    return blocks
  }

  private static func read(_ entry: Entry, vocabulary: Vocabulary, findings: Findings) -> Block? {
    let before = findings.errorCount
    _ = checkName(entry.key, "block", findings)
    if vocabulary.kind(entry.key.value, of: .layer) != nil {
      findings.add(
        Diagnostic(
          "block.name_taken", "there is a layer called '\(entry.key.value)', so a block cannot have that name",
          detail: "Give the block a name of its own.", at: entry.key.span))
    }
    let subject = Subject("the block '\(entry.key.value)'")
    guard let fields = entry.value.entries else {
      findings.add(
        Diagnostic(
          "value.type", "\(subject.text) is a mapping with 'layers', but this is \(entry.value.described)",
          detail: "Write 'layers:' and below it one layer an item.", at: entry.value.span))
      return nil
    }
    let decoder = Decoder(vocabulary: vocabulary, findings: findings)
    decoder.checkKeys(fields, of: blockTable, subject)
    let layers = entry.value.value(forKey: "layers")
    if let layers, layers.items == nil {
      findings.add(
        Diagnostic(
          "value.type", "'layers' of \(subject.text) is a list, but this is \(layers.described)",
          detail: "Write one layer an item, each after '- '.", at: layers.span))
    } else if layers == nil {
      findings.add(
        Diagnostic(
          "key.missing", "\(subject.text) has no 'layers'", detail: "Add the layers that stand for the block.",
          at: entry.key.span))
    }
    let parameters = self.parameters(entry.value.value(forKey: "params"), subject, findings)
    guard findings.errorCount == before, let layers else { return nil }
    return Block(name: entry.key, parameters: parameters, layers: layers)
  }

  private static func parameters(_ node: Node?, _ subject: Subject, _ findings: Findings) -> [Parameter] {
    guard let node, !node.isNull else { return [] }
    guard let entries = node.entries else {
      findings.add(
        Diagnostic(
          "value.type", "'params' of \(subject.text) is a mapping, but this is \(node.described)",
          detail: "Write the names in braces, with defaults where there are some: '{out, p: 0.3}'.", at: node.span))
      return []
    }
    return entries.compactMap { entry in
      guard checkName(entry.key, "block's parameter", findings) else { return nil }
      guard !BlockUse.keys.contains(entry.key.value) else {
        findings.add(
          Diagnostic(
            "name.reserved", "a block's parameter cannot be called '\(entry.key.value)'",
            detail: "In every use of a block that word already means something.", at: entry.key.span))
        return nil
      }
      return Parameter(name: entry.key, standard: entry.value.isNull ? nil : entry.value)
    }
  }
}
