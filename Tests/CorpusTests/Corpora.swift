import Corpus
import Diagnostics
import Spec

/// Corpora made by hand, as the decoder would make them from a file.
enum Corpora {
  private static let file = SourceFile(name: "corpora/test.yaml", text: "# made by a test\n")
  static let span = SourceSpan(
    file: file, start: SourcePosition(line: 1, column: 1), end: SourcePosition(line: 1, column: 2))

  static func corpus(
    pattern: String = "{speaker}_{sentence}_{emotion}_{intensity}", extensions: [String] = ["wav"],
    label: String = "emotion", speaker: String? = "speaker", classes: [String] = ["SAD", "ANG", "NEU"],
    root: String? = nil, synthesizer: FieldValues? = nil
  ) -> CorpusSpec {
    CorpusSpec(
      name: "test", title: "A test", obtain: "Ask the test for it.", licence: "none",
      root: FieldValue(root.map { .string($0) } ?? .none, origin: root == nil ? .standard : .written(span)),
      pattern: Located(pattern, at: span), extensions: extensions, labelField: Located(label, at: span),
      speaker: speaker.map { AttributeSource(field: Located($0, at: span)) },
      classes: classes.map { (Located($0, at: span), $0) },
      synthesizer: synthesizer, span: span)
  }

  /// A synthesized corpus; what `styles` leaves out of a style is neutral.
  static func synthesized(
    styles: [(code: String, scales: [String: Double])] = [
      ("SAD", ["pitch": -2, "tempo": 0.8, "tilt": 6]), ("ANG", ["pitch": 4, "tempo": 1.2, "tilt": -5]), ("NEU", [:]),
    ],
    classes: [String] = ["SAD", "ANG", "NEU"], speakers: Int = 4, sentences: Int = 3, seed: Int = 1,
    pattern: String = "{speaker}_{sentence}_{emotion}_{intensity}", strength: Double = 1, variation: Double = 1
  ) -> CorpusSpec {
    let entries = styles.map { style in
      (
        key: Located(style.code, at: span),
        value: FieldValue(
          .group(complete(speakingStyleTable, style.scales.mapValues { .number($0) })), origin: .standard)
      )
    }
    let values = complete(
      synthesizerTable,
      [
        "speakers": .integer(speakers), "sentences": .integer(sentences), "seed": .integer(seed),
        "strength": .number(strength), "variation": .number(variation), "styles": .dictionary(entries),
      ])
    return corpus(pattern: pattern, classes: classes, synthesizer: values)
  }

  /// A step of the split policy `name` with the fields given.
  static func split(_ name: String, _ given: [String: FieldValue.Content] = [:]) -> Step {
    guard let kind = SplitCatalog.kinds.first(where: { $0.name == name }) else {
      preconditionFailure("there is no policy \(name)")
    }
    return Step(kind: Located(name, at: span), values: complete(kind.table, given), label: name, at: span)
  }

  /// A list of texts as a field's value.
  static func texts(_ texts: [String]) -> FieldValue.Content {
    .list(texts.map { FieldValue(.string($0), origin: .written(span)) })
  }

  /// Clips of `speakers` speakers, each saying `sentences` sentences in every class; speaker, sentence and class in the name.
  static func clips(speakers: Int, sentences: Int = 3, classes: [String] = ["ANG", "HAP", "NEU", "SAD"])
    -> [ClipReference]
  {
    (0..<speakers).flatMap { speaker in
      (0..<sentences).flatMap { sentence in
        classes.enumerated().map { index, label in
          ClipReference(
            audio: .absent, relativePath: "s\(speaker)_t\(sentence)_\(label).wav", classIndex: index, label: label,
            speaker: "s\(speaker)", fields: [("speaker", "s\(speaker)"), ("part", ["a", "b", "c"][speaker % 3])],
            corpus: "test", sentence: "t\(sentence)")
        }
      }
    }
  }

  /// The ids of what `body` throws.
  static func ids(_ body: () throws -> Void) -> [String] { failures(body).map(\.id) }

  /// The findings that `body` throws.
  static func failures(_ body: () throws -> Void) -> [Diagnostic] {
    do {
      try body()
      return []
    } catch let failure as DiagnosticFailure {
      return failure.diagnostics
    } catch {
      return [Diagnostic("test.other", .error, "\(error)")]
    }
  }

  /// The values of `table`: those given, and the defaults.
  static func complete(_ table: FieldTable, _ given: [String: FieldValue.Content]) -> FieldValues {
    let values = table.fields.compactMap { field -> (name: String, value: FieldValue)? in
      if let content = given[field.name] { return (field.name, FieldValue(content, origin: .written(span))) }
      guard case .value(let content) = field.default else { return nil }
      return (field.name, FieldValue(content, origin: .standard))
    }
    return FieldValues(values, at: span)
  }
}
