import Spec
import Training

/// Specs made at random from the field tables: values of each type for random kinds, random nodes, composites within
/// each other, names and blocks. They decode without a mistake; whether their shapes fit is another matter.
struct MadeSpec {
  /// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
  private var state: UInt64
  private var names = 0

  init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

  private mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  /// The text of a spec.
  mutating func text() -> String {
    var lines = [
      "serspec: 1", "name: made-\(below(1000))", "seed: \(below(1 << 30))",
      "corpus: {name: toy, pattern: '{speaker}_{emotion}', label: emotion, speaker: speaker, classes: [SAD, HAP, NEU]}",
      "audio: \(steps(.audioStep, depth: 0))", "length: \(variant(.lengthPolicy, tag: "policy"))",
      "split: \(variant(.splitPolicy, tag: "policy"))",
      "features: {x: \(steps(.featureStep, depth: 0)), z: \(steps(.featureStep, depth: 0))}",
      "augment: \(steps(.augmentation, depth: 0))", "track: \(steps(.tracker, depth: 0))",
      "train: {epochs: \(1 + below(99)), optimizer: \(step(.optimizer, depth: 0)), "
        + "schedule: \(steps(.schedule, depth: 0)), loss: \(step(.loss, depth: 0))}",
      "blocks:",
      "  unit: {params: {out: 8}, layers: [linear: '${out}', linear: {out_features: '${out + 1}', name: fc}]}",
      "model:", "  joined: {concat: [x, z]}",
    ]
    var inputs = ["x", "z", "joined"]
    for index in 0...below(4) {
      let source =
        below(3) == 0 ? "add: [\(pick(inputs)), \(pick(inputs))]" : "from: \(pick(inputs))"
      lines.append("  node_\(index): {\(source), layers: \(layers(depth: 0))}")
      inputs.append("node_\(index)")
    }
    lines.append("  logits: {concat: [\(inputs.joined(separator: ", "))], layers: \(layers(depth: 0))}")
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func layers(depth: Int) -> String {
    let items = (0..<below(5)).map { _ in
      switch below(8) {
      case 0: return below(2) == 0 ? "unit" : "unit: {out: \(1 + below(64)), repeat: \(below(4))}"
      case 1: return "repeat: {times: \(below(3)), layers: \(depth < 2 ? layers(depth: depth + 1) : "[relu]")}"
      case 2: return "unit: {for: {out: [\(1 + below(9)), \(1 + below(9))]}}"
      default: return step(.layer, depth: depth)
      }
    }
    return "[" + items.joined(separator: ", ") + "]"
  }

  private mutating func steps(_ part: VocabularyPart, depth: Int) -> String {
    if part == .layer { return layers(depth: depth) }
    return "[" + (0...below(3)).map { _ in step(part, depth: depth) }.joined(separator: ", ") + "]"
  }

  private mutating func step(_ part: VocabularyPart, depth: Int) -> String {
    // `repeat` is made elsewhere, and what holds steps ends somewhere.
    let kinds = (Vocabulary.standard.kinds[part] ?? []).filter { kind in
      kind.name != "repeat" && (depth < 3 || !kind.table.fields.contains { holdsSteps($0.type) })
    }
    let kind = pick(kinds)
    var fields = fields(of: kind.table, depth: depth + 1)
    if part == .layer, below(4) == 0 {
      names += 1
      fields.append("name: named_\(names)")
    }
    return fields.isEmpty ? kind.name : "{\(kind.name): {\(fields.joined(separator: ", "))}}"
  }

  private mutating func variant(_ part: VocabularyPart, tag: String) -> String {
    let kind = pick(Vocabulary.standard.kinds[part] ?? [])
    return "{" + (["\(tag): \(kind.name)"] + fields(of: kind.table, depth: 1)).joined(separator: ", ") + "}"
  }

  private mutating func fields(of table: FieldTable, depth: Int) -> [String] {
    var result: [String] = []
    var isChosen = false
    for field in table.fields {
      let isExclusive = table.exclusive.contains(field.name)
      if isExclusive, isChosen { continue }
      // Their keys are names in a formula, which is another's to know.
      if table.learnable[field.name] != nil { continue }
      var isRequired = true
      if case .value = field.default { isRequired = false }
      guard isRequired || isExclusive || below(2) == 0 else { continue }
      isChosen = isChosen || isExclusive
      // That one of them is given means a value other than `~`.
      var type = field.type
      if isExclusive, case .optional(let given) = type { type = given }
      result.append("\(field.name): \(value(type, depth: depth))")
    }
    return result
  }

  private mutating func value(_ type: FieldType, depth: Int) -> String {
    switch type {
    case .integer(let min, let max):
      let low = min ?? -20
      return String(low + below(Swift.min((max ?? low + 20) - low, 20) + 1))
    case .number(let min, let max, _):
      let low = min ?? -2
      let high = max ?? low + 4
      return pick(["\(low + (high - low) * Double(1 + below(8)) / 9)", "\(low + (high - low) / 3)"])
    case .boolean: return pick(["true", "false"])
    case .string: return pick(["plain", "'1e-4'", "\"tab\\t and \\\"quotes\\\"\"", "'no: # sign'", "é", "'~'"])
    case .choice(let names): return "'\(pick(names))'"
    case .list(let item, let min, let max):
      let low = min ?? 0
      let count = low + below(Swift.min((max ?? low + 3) - low, 3) + 1)
      return "[" + (0..<count).map { _ in value(item, depth: depth) }.joined(separator: ", ") + "]"
    case .sizes(let min, _):
      let low = min ?? 0
      return below(2) == 0 ? "\(low + below(5))" : "[\(low + below(5)), \(low + below(5))]"
    case .either(let types): return value(pick(types), depth: depth)
    case .optional(let inner): return below(3) == 0 ? "~" : value(inner, depth: depth)
    case .step(let part): return step(part, depth: depth)
    case .steps(let part): return steps(part, depth: depth)
    case .group(let table): return "{" + fields(of: table, depth: depth).joined(separator: ", ") + "}"
    case .variant(let tag, let part): return variant(part, tag: tag)
    case .dictionary(let item): return "{one: \(value(item, depth: depth)), two: \(value(item, depth: depth))}"
    case .environmentText: return "folder"
    case .formula: return pick(["\"x * sigmoid(b * x)\"", "\"max(x, 0) if x < 6 else 6\"", "\"x + a * tanh(x)\""])
    case .value: return pick(["1", "0.5", "relu", "[1, 2]"])
    }
  }

  private func holdsSteps(_ type: FieldType) -> Bool {
    switch type {
    case .steps, .step: true
    case .list(let inner, _, _), .optional(let inner), .dictionary(let inner): holdsSteps(inner)
    case .either(let types): types.contains(where: holdsSteps)
    default: false
    }
  }
}
