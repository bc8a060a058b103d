import Spec

/// Steps as canonical text, a line a value: `audio.0.resample.rate = 16000`. Equal texts mean equal computations; where
/// texts differ, the lines say in what.
enum ChainText {
  /// The lines of `steps`, whose place in the text is `path`.
  static func lines(_ steps: some Collection<Step>, at path: String) -> [String] {
    steps.enumerated().flatMap { index, step in lines(step, at: "\(path).\(index)") }
  }

  /// The lines of one step: its name, then each of its fields.
  static func lines(_ step: Step, at path: String) -> [String] {
    let name = "\(path).\(step.kind.value)"
    return [name] + lines(step.values, at: name)
  }

  /// The lines of the fields of a mapping.
  static func lines(_ values: FieldValues, at path: String) -> [String] {
    values.values.flatMap { lines($0.value.content, at: "\(path).\($0.name)") }
  }

  private static func lines(_ content: FieldValue.Content, at path: String) -> [String] {
    switch content {
    case .none: ["\(path) = ~"]
    case .integer(let value): ["\(path) = \(value)"]
    case .number(let value): ["\(path) = \(text(value))"]
    case .boolean(let value): ["\(path) = \(value)"]
    // Quoted and escaped, so that no text can look like another line.
    case .string(let value): ["\(path) = \(String(reflecting: value))"]
    case .list(let items):
      ["\(path) = \(items.count) items"] + items.enumerated().flatMap { lines($1.content, at: "\(path).\($0)") }
    case .step(let step): lines(step, at: path)
    case .steps(let steps): ["\(path) = \(steps.count) steps"] + lines(steps, at: path)
    case .group(let values): lines(values, at: path)
    case .dictionary(let entries):
      entries.flatMap { lines($0.value.content, at: "\(path).\(String(reflecting: $0.key.value))") }
    }
  }

  /// A number field may hold a whole number: `3` and `3.0` are the same.
  private static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? number.description }
}
