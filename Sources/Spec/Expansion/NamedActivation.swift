import Diagnostics
import Syntax

/// An activation that a spec defines by a formula; a use of its name is a `formula` layer.
struct NamedActivation {
  let name: Located<String>
  /// The fields of the layer, in long form.
  let definition: Node

  /// The kind of layer that runs formulas.
  static let kindName = "formula"

  /// The activations of a spec by name; nil for one whose definition is at fault, which has then been reported.
  static func read(
    _ node: Node?, blocks: [String: Block?], vocabulary: Vocabulary, findings: Findings
  ) -> [String: NamedActivation?] {
    guard let node, !node.isNull, let kind = vocabulary.kind(kindName, of: .layer) else { return [:] }
    guard let entries = node.entries else {
      findings.add(
        Diagnostic(
          "value.type", "'activations' is a mapping from names to formulas, but this is \(node.described)",
          detail: "Write one 'name: \"x * sigmoid(x)\"' a line.", at: node.span))
      return [:]
    }
    var activations: [String: NamedActivation?] = [:]
    for entry in entries {
      let before = findings.errorCount
      _ = checkName(entry.key, "activation", findings)
      checkClash(entry.key, blocks, vocabulary, findings)
      let definition = kind.table.longForm(entry.value)
      let subject = Subject("the activation '\(entry.key.value)'", anchor: entry.key.span)
      let isRead = Decoder(vocabulary: vocabulary, findings: findings).group(definition, kind.table, subject, at: "")
      let isUsable = isRead != nil && findings.errorCount == before
      activations[entry.key.value] = .some(
        isUsable ? NamedActivation(name: entry.key, definition: definition) : nil)
    }
    return activations
  }

  private static func checkClash(
    _ name: Located<String>, _ blocks: [String: Block?], _ vocabulary: Vocabulary, _ findings: Findings
  ) {
    let isLayer = vocabulary.kind(name.value, of: .layer) != nil
    guard isLayer || blocks[name.value] != nil else { return }
    findings.add(
      Diagnostic(
        "activation.name_taken",
        "there is a \(isLayer ? "layer" : "block") called '\(name.value)', so an activation cannot have that name",
        detail: "Give the activation a name of its own.", at: name.span))
  }
}

extension Expander {
  /// The `formula` layer that a use of an activation stands for; nil after reporting fields, which it does not take.
  func formula(of activation: NamedActivation, usedBy step: Node) -> Node? {
    if let arguments = step.stepParts?.arguments, !arguments.isNull, arguments.entries?.isEmpty != true {
      findings.add(
        Diagnostic(
          "activation.arguments", "'\(activation.name.value)' takes no values beside 'name'",
          detail: "Its formula stands in 'activations'. Define a second one for other values.", at: arguments.span,
          notes: [DiagnosticNote("the activation", at: activation.name.span)]))
      return nil
    }
    let kind = Located(NamedActivation.kindName, at: step.span)
    return Node(.mapping([Entry(key: kind, value: activation.definition)]), at: step.span, replacing: step.replaced)
  }
}
