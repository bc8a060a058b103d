import Diagnostics
import Syntax

/// Warns of parameters, activations and blocks that the file itself defines and nothing uses. What it extends is meant for others
/// too, and so is left alone.
struct UnusedChecks {
  let findings: Findings
  let root: SourceFile
  /// The expander after its work.
  let expander: Expander

  func check(_ tree: Node) {
    let parameters = tree.value(forKey: "params")
    let unusedBlocks = (tree.value(forKey: "blocks")?.entries ?? []).filter {
      !expander.usedBlocks.contains($0.key.value)
    }
    // What an unused block mentions is not reported beside it.
    var mentionedNames: Set<String> = []
    var mentionedBlocks: Set<String> = []
    for block in unusedBlocks {
      mentionedNames.formUnion(expander.evaluator.allNames(in: block.value))
      for layer in block.value.value(forKey: "layers")?.items ?? [] {
        if let name = layer.stepParts?.name.value { mentionedBlocks.insert(name) }
      }
    }
    for block in unusedBlocks where !mentionedBlocks.contains(block.key.value) && block.key.span.file === root {
      findings.add(
        Diagnostic(
          "block.unused", .warning, "nothing uses the block '\(block.key.value)'",
          detail: "Remove it, or use it in a node's 'layers'.", at: block.key.span))
    }
    for activation in tree.value(forKey: "activations")?.entries ?? []
    where !expander.usedActivations.contains(activation.key.value) && activation.key.span.file === root
      && !mentionedBlocks.contains(activation.key.value)
    {
      findings.add(
        Diagnostic(
          "activation.unused", .warning, "nothing uses the activation '\(activation.key.value)'",
          detail: "Remove it, or use its name like a layer's.", at: activation.key.span))
    }
    let used = expander.evaluator.used.union(mentionedNames)
    for parameter in parameters?.entries ?? []
    where !used.contains(parameter.key.value) && parameter.key.span.file === root {
      findings.add(
        Diagnostic(
          "param.unused", .warning, "nothing uses the parameter '\(parameter.key.value)'",
          detail: "Setting it changes nothing. Remove it, or use it as '${\(parameter.key.value)}'.",
          at: parameter.key.span))
    }
  }
}
