import Diagnostics
import Syntax

extension Decoder {
  /// `node` as a scalar type, or a list of them where the type is `.value`.
  func scalar(_ node: Node, as type: FieldType, _ subject: Subject) -> FieldValue.Content? {
    switch type {
    case .integer(let min, let max): integer(node, min, max, type, subject)
    case .number(let min, let max, let exclusiveMin): number(node, min, max, exclusiveMin, type, subject)
    case .boolean: boolean(node, type, subject)
    case .choice(let words): choice(node, words, type, subject)
    case .value: anyValue(node, type, subject)
    case .formula: formula(node, type, subject)
    default: text(node, type, subject)
    }
  }

  private func integer(
    _ node: Node, _ min: Int?, _ max: Int?, _ type: FieldType, _ subject: Subject
  ) -> FieldValue.Content? {
    guard let value = node.asInteger else {
      wrongType(node, type, subject, hint: integerHint(node))
      return nil
    }
    if let min, value < min {
      outOfRange(node, type, subject)
      return nil
    }
    if let max, value > max {
      outOfRange(node, type, subject)
      return nil
    }
    return .integer(value)
  }

  private func number(
    _ node: Node, _ min: Double?, _ max: Double?, _ exclusiveMin: Bool, _ type: FieldType, _ subject: Subject
  ) -> FieldValue.Content? {
    guard let value = node.asNumber else {
      wrongType(node, type, subject, hint: numberHint(node))
      return nil
    }
    if let min, exclusiveMin ? value <= min : value < min {
      outOfRange(node, type, subject)
      return nil
    }
    if let max, value > max {
      outOfRange(node, type, subject)
      return nil
    }
    return .number(value)
  }

  private func boolean(_ node: Node, _ type: FieldType, _ subject: Subject) -> FieldValue.Content? {
    if let value = node.asBoolean { return .boolean(value) }
    let meant: [String: String] = [
      "yes": "true", "on": "true", "y": "true", "1": "true", "true": "true", "no": "false", "off": "false",
      "n": "false", "0": "false", "false": "false",
    ]
    let suggestion = node.scalar.flatMap { meant[$0.text.lowercased()] }
    report(
      "value.type", "\(subject.text) must be true or false, but is \(node.described)", subject, at: node,
      help: "Write true or false, without quotes.", suggestion: suggestion)
    return nil
  }

  private func choice(
    _ node: Node, _ words: [String], _ type: FieldType, _ subject: Subject
  ) -> FieldValue.Content? {
    guard let scalar = node.scalar, !scalar.isNull else {
      wrongType(node, type, subject)
      return nil
    }
    if words.contains(scalar.text) { return .string(scalar.text) }
    report(
      "value.choice", "\(subject.text) must be \(type.described), but is \(node.described)", subject, at: node,
      suggestion: nearest(scalar.text, in: words))
    return nil
  }

  private func text(_ node: Node, _ type: FieldType, _ subject: Subject) -> FieldValue.Content? {
    guard let scalar = node.scalar, !scalar.isNull else {
      wrongType(node, type, subject, hint: node.scalar?.text == "null" ? "Quote the word if it is meant." : nil)
      return nil
    }
    return .string(scalar.text)
  }

  private func anyValue(_ node: Node, _ type: FieldType, _ subject: Subject) -> FieldValue.Content? {
    guard let value = ExpressionValue(node) else {
      wrongType(node, type, subject)
      return nil
    }
    return content(of: value, at: node)
  }

  private func content(of value: ExpressionValue, at node: Node) -> FieldValue.Content {
    switch value {
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .string(let value): .string(value)
    case .boolean(let value): .boolean(value)
    case .null: .none
    case .list(let values):
      .list(values.map { FieldValue(content(of: $0, at: node), origin: .written(node.span)) })
    }
  }

  private func outOfRange(_ node: Node, _ type: FieldType, _ subject: Subject) {
    report(
      "value.range", "\(subject.text) must be \(type.described), but is \(node.scalar?.text ?? node.described)",
      subject,
      at: node)
  }

  /// What is odd about a scalar that looks like a whole number to its writer.
  private func integerHint(_ node: Node) -> String? {
    guard let scalar = node.scalar else { return nil }
    if scalar.style == .plain, let value = scalar.asNumber {
      if value == value.rounded(), let whole = Int(exactly: value) {
        return "Write \(whole), without a fraction or an exponent."
      }
      return nil
    }
    return numberHint(node)
  }

  private func numberHint(_ node: Node) -> String? {
    guard let scalar = node.scalar, !scalar.isNull else { return nil }
    if scalar.style == .quoted {
      return Scalar(scalar.text).asNumber == nil ? nil : "What is quoted is a text: remove the quotes."
    }
    let plain = scalar.text.filter { $0 != "_" }
    if plain != scalar.text, Scalar(plain).asNumber != nil { return "Write \(plain), without underscores." }
    let dotted = String(scalar.text.map { $0 == "," ? "." : $0 })
    if dotted != scalar.text, Scalar(dotted).asNumber != nil { return "The decimal sign is a dot: write \(dotted)." }
    return nil
  }
}
