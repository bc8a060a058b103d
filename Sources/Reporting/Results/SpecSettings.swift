import Layers
import Spec
import Syntax
import Training

/// A resolved spec as settings that can be laid beside those of other specs: a text for each path, without what says nothing about
/// results, and without the seed. Steps go by their position, so that another kind in a place is another value of one setting.
struct SpecSettings {
  /// The path under which the activation stands that a model uses throughout.
  static let activationPath = "model.activation"

  /// In the order of the tables; the activation first.
  let values: [(path: String, text: String)]
  /// Says which layers the model has, whatever their fields and activations.
  let structure: String
  /// The nodes that read features, as a name of the model where the spec has none of its own.
  let structureName: String

  private let texts: [String: String]

  subscript(_ path: String) -> String? { texts[path] }

  init(_ spec: ExperimentSpec) {
    var walk = Walk()
    let root = spec.values(.standard)
    for part in root.parts where !["serspec", "name", "doc", "seed", "track"].contains(part.name) {
      walk.value(part, at: part.name)
    }
    let kinds = Set(walk.activations.map(\.text))
    var values = walk.values
    // One activation throughout is one setting; several stay what they are, layer by layer.
    if kinds.count == 1, let only = kinds.first {
      values.insert((Self.activationPath, only), at: 0)
    } else {
      values = walk.activations + values
    }
    self.values = values
    texts = Dictionary(values.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
    structure = walk.kinds.joined(separator: " ")
    let features = Set(spec.features.map(\.name.value))
    let readers = spec.model.nodes.filter { node in
      node.name.value != "logits" && node.inputs.contains { features.contains($0.value) }
    }
    structureName = readers.isEmpty ? spec.name : readers.map(\.name.value).joined(separator: " + ")
  }

  private struct Walk {
    var values: [(path: String, text: String)] = []
    var activations: [(path: String, text: String)] = []
    var kinds: [String] = []

    mutating func value(_ value: SpecValue, at path: String) {
      if path.hasPrefix("model."), value.name == "expect" { return }
      switch value.form {
      case .plain: values.append((path, Self.text(value.node)))
      case .mapping:
        for part in value.parts where !Self.isSilent(part.name, at: path) {
          if path == "model" { kinds.append(part.name + ":") }
          self.value(part, at: "\(path).\(part.name)")
        }
      case .list, .steps:
        for (index, part) in value.parts.enumerated() {
          self.value(part, at: "\(path)[\(index)]")
        }
      case .step(let kind):
        if path.hasPrefix("model."), LayerCatalog.activationNames.contains(kind) {
          kinds.append("activation")
          let fields = value.parts.map { Self.text($0.node) }.joined(separator: " ")
          let isPlain = value.parts.isEmpty || kind != "formula"
          activations.append((path, isPlain ? kind + Self.written(value) : fields))
          return
        }
        if path.hasPrefix("model.") { kinds.append(kind) }
        values.append((path, kind))
        for part in value.parts where part.node.scalar?.text != kind { self.value(part, at: "\(path).\(part.name)") }
      }
    }

    /// The fields of an activation that differ from their defaults, in brackets.
    private static func written(_ step: SpecValue) -> String {
      let fields = step.parts.filter { part in
        guard case .value(let standard)? = part.field?.default else { return true }
        return FieldText.of(standard) != text(part.node)
      }
      return fields.isEmpty ? "" : "(" + fields.map { "\($0.name)=\(text($0.node))" }.joined(separator: ", ") + ")"
    }

    /// Names, texts for people and the folder of the audio.
    private static func isSilent(_ name: String, at path: String) -> Bool {
      path == "corpus" && ["root", "obtain", "title", "licence"].contains(name)
    }

    private static func text(_ node: Node) -> String {
      let text = ComparisonRow.text(node)
      return Double(text).map(shortNumber) ?? text
    }
  }
}

/// A default as text, to tell whether a field says something else.
private enum FieldText {
  static func of(_ value: FieldValue.Content) -> String {
    switch value {
    case .integer(let value): shortNumber(Double(value))
    case .number(let value): shortNumber(value)
    case .boolean(let value): value ? "true" : "false"
    case .string(let text): text
    default: ""
    }
  }
}

/// 0.001 and 1e-3 alike as `0.001`, 64.0 as `64`.
func shortNumber(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
}
