import Diagnostics
import Spec
import Testing
import Training

/// Each kind's example is a piece of a spec that decodes.
@Suite struct ExampleTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let part: VocabularyPart
    let kind: Kind
    var testDescription: String { "\(part.rawValue) \(kind.name)" }
  }

  static let all: [Example] = VocabularyPart.allCases.flatMap { part in
    (Vocabulary.standard.kinds[part] ?? []).map { Example(part: part, kind: $0) }
  }

  @Test("the example of each kind decodes and shows the kind", arguments: all)
  func decodes(_ example: Example) {
    let text = spec(with: example)
    let result = resolve(SourceFile(name: "example.yaml", text: text), vocabulary: .standard)
    let errors = result.diagnostics.filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(TextRenderer(color: false).render(errors))\n\(text)")
    #expect(example.kind.example.contains(example.kind.name))
  }

  /// A whole spec of which the example is one part.
  private func spec(with example: Example) -> String {
    var parts = [
      "serspec: 1", "corpus: {name: toy, pattern: '{speaker}_{emotion}', label: emotion, classes: [SAD, HAP, NEU]}",
    ]
    let text = example.kind.example
    /// `standard`, or the example in its place where it is of `part`.
    func add(_ part: VocabularyPart, _ standard: String) {
      parts.append(part == example.part ? text : standard)
    }
    add(.audioStep, "audio: [z_score]")
    add(.lengthPolicy, "length: batch_longest")
    add(.splitPolicy, "split: {policy: stratified, test: 0.3, val: 0.1}")
    let feature = example.part == .featureStep ? text : "rms"
    // Steps that need others before them are shown with these, as a whole feature.
    parts.append("features:\n  other: [rms]\n  x:" + (feature.hasPrefix("[") ? " \(feature)" : "\n\(item(feature))"))
    add(.augmentation, "augment: []")
    add(.tracker, "track: []")
    parts.append("train:\n  epochs: 1")
    for (part, standard) in [(VocabularyPart.optimizer, "optimizer: adam"), (.loss, "loss: cross_entropy")] {
      parts.append(indented(part == example.part ? text : standard, by: 2))
    }
    if example.part == .schedule { parts.append(indented(text, by: 2)) }
    parts.append("model:")
    if example.part == .combinator {
      // The example names nodes of its own, which each stand for the feature.
      for name in inputs(of: text) { parts.append("  \(name): {from: x}") }
      parts.append(indented(text, by: 2))
    }
    parts.append(
      "  logits:\n    from: x\n    layers:\n" + (example.part == .layer ? item(text, by: 6) : item("flatten", by: 6)))
    return parts.joined(separator: "\n") + "\n"
  }

  /// `text` as an item of a list, whether or not it is written as one.
  private func item(_ text: String, by columns: Int = 4) -> String {
    if text.hasPrefix("- ") { return indented(text, by: columns) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return indented(lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }.joined(separator: "\n"), by: columns)
  }

  private func indented(_ text: String, by columns: Int) -> String {
    let margin = String(repeating: " ", count: columns)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { margin + $0 }.joined(separator: "\n")
  }

  /// The names between the last brackets of `fused: {concat: [time_path, image_path]}`.
  private func inputs(of text: String) -> [String] {
    guard let open = text.lastIndex(of: "["), let close = text.lastIndex(of: "]"), open < close else { return [] }
    return text[text.index(after: open)..<close].split(separator: ",").map { $0.filter { $0 != " " } }
  }
}
