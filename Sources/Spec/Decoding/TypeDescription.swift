import Syntax

extension FieldType {
  /// What the type accepts, for messages and references: "a whole number of at least 1".
  public var described: String {
    switch self {
    case .integer(let min, let max):
      return "a whole number" + rangeText(min.map(String.init), max.map(String.init))
    case .number(let min, let max, let exclusiveMin):
      let low = min.map(numberText)
      return exclusiveMin && low != nil
        ? "a number above \(low ?? "")" + (max.map { " and up to \(numberText($0))" } ?? "")
        : "a number" + rangeText(low, max.map(numberText))
    case .boolean: return "true or false"
    case .string: return "a text"
    case .choice(let words): return words.count == 1 ? wordList(words) : "one of " + wordList(words, "or")
    case .list: return "a list"
    case .sizes: return "a whole number, or a list with one for each axis"
    case .either(let types):
      return types.map(\.described).joined(separator: " or ")
    case .optional(let type): return type.described + " or ~"
    case .step(let part): return "\(part.withArticle)"
    case .steps(let part): return "a list of \(part.plural)"
    case .group, .variant, .dictionary: return "a mapping"
    case .environmentText: return "a text"
    case .formula: return "a formula in x"
    case .value: return "a number, a text, true, false or a list of these"
    }
  }
}

private func rangeText(_ min: String?, _ max: String?) -> String {
  switch (min, max) {
  case (let min?, let max?): min == max ? ", \(min)" : " from \(min) to \(max)"
  case (let min?, nil): " of at least \(min)"
  case (nil, let max?): " of at most \(max)"
  case (nil, nil): ""
  }
}

func numberText(_ value: Double) -> String {
  Node(number: value, at: .standard).scalar?.text ?? "\(value)"
}

extension VocabularyPart {
  /// "an optimizer", "a layer".
  var withArticle: String { ("aeiou".contains(rawValue.first ?? "x") ? "an " : "a ") + rawValue }

  /// "length policies", "layers".
  public var plural: String {
    if rawValue.hasSuffix("y") { return rawValue.dropLast() + "ies" }
    return rawValue.hasSuffix("s") ? rawValue + "es" : rawValue + "s"
  }

  /// The first part of a diagnostic's id: `audio_step`.
  var area: String { rawValue.split(separator: " ").joined(separator: "_") }
}
