import Diagnostics
import Syntax

extension Decoder {
  /// A formula's text, after a look at all of it.
  func formula(_ node: Node, _ type: FieldType, _ subject: Subject) -> FieldValue.Content? {
    guard let scalar = node.scalar, !scalar.isNull else {
      wrongType(node, type, subject, hint: "Write it as a text: 'x * sigmoid(x)'.")
      return nil
    }
    do {
      _ = try Formula.parse(scalar.text, at: node.span)
      return .string(scalar.text)
    } catch let failure as DiagnosticFailure {
      failure.diagnostics.forEach(report)
    } catch {
      wrongType(node, type, subject)
    }
    return nil
  }

  /// Whether the keys of the dictionary `field` are learnable names of the formula in the field `formula`.
  func checkLearnable(_ values: [(name: String, value: FieldValue)], _ field: String, of formula: String) -> Bool {
    guard let given = values.first(where: { $0.name == field })?.value,
      case .dictionary(let entries) = given.content,
      let written = values.first(where: { $0.name == formula })?.value, case .string(let text) = written.content,
      let parsed = try? Formula.parse(text, at: written.span)
    else { return true }
    let names = parsed.parameters.map(\.value)
    let unknown = entries.filter { !names.contains($0.key.value) }
    for entry in unknown {
      report(
        Diagnostic(
          "formula.parameter", "the formula has no parameter '\(entry.key.value)'",
          detail: names.isEmpty ? "It has none." : "Its parameters are \(wordList(names)).", at: entry.key.span,
          notes: [DiagnosticNote("the formula", at: written.span)], suggestion: nearest(entry.key.value, in: names)))
    }
    return unknown.isEmpty
  }
}
