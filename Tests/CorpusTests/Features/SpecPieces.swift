import Corpus
import Diagnostics
import Foundation
import Spec

/// Steps as the language would decode them: fields that are not given have their defaults.
enum SpecPieces {
  /// A step of `part` with a place of its own, which tests recognise by the label.
  static func step(_ part: VocabularyPart, _ kind: String, _ given: [String: FieldValue.Content] = [:]) throws -> Step {
    guard let table = FeatureCatalog.kinds[part]?.first(where: { $0.name == kind })?.table else {
      throw UnknownKind(name: kind)
    }
    let span = place(kind)
    let values = try table.fields.map { field -> (name: String, value: FieldValue) in
      if let content = given[field.name] { return (field.name, FieldValue(content, origin: .written(span))) }
      guard case .value(let content) = field.default else { throw UnknownKind(name: "\(kind).\(field.name)") }
      return (field.name, FieldValue(content, origin: .standard))
    }
    return Step(kind: Located(kind, at: span), values: FieldValues(values, at: span), label: kind, at: span)
  }

  /// A place in a text of its own, named `name`.
  static func place(_ name: String) -> SourceSpan {
    let start = SourcePosition(line: 1, column: 1)
    return SourceSpan(file: SourceFile(name: name, text: name), start: start, end: start)
  }

  static func feature(_ name: String, _ steps: [Step]) -> (name: Located<String>, steps: [Step]) {
    (Located(name, at: place(name)), steps)
  }

  /// The report's 27 rows.
  static func spectral() throws -> Step {
    let frames: [String: FieldValue.Content] = ["frame_length": .integer(512), "hop_length": .integer(160)]
    let fft: [String: FieldValue.Content] = ["n_fft": .integer(512), "hop_length": .integer(160)]
    let members = [
      try step(.featureStep, "zero_crossing_rate", frames), try step(.featureStep, "chroma_stft", fft),
      try step(.featureStep, "mfcc", fft.merging(["n_mfcc": .integer(13)]) { $1 }),
      try step(.featureStep, "rms", frames),
    ]
    return try step(.featureStep, "stack", ["features": .steps(members)])
  }

  /// The report's image.
  static func image() throws -> [Step] {
    [
      try step(
        .featureStep, "mel_spectrogram",
        [
          "n_fft": .integer(1024), "hop_length": .integer(256), "n_mels": .integer(64), "f_max": .number(10000),
        ]),
      try step(.featureStep, "log"), try step(.featureStep, "min_max"),
      try step(.featureStep, "resize", ["height": .integer(64), "width": .integer(64)]),
    ]
  }

  /// The report's audio chain.
  static func audio() throws -> [Step] {
    [
      try step(.audioStep, "resample", ["rate": .integer(16000)]), try step(.audioStep, "mono"),
      try step(.audioStep, "z_score"),
    ]
  }

  static func fixed(_ seconds: Double) throws -> Step {
    try step(.lengthPolicy, "fixed", ["seconds": .number(seconds)])
  }

  static func batchLongest() throws -> Step { try step(.lengthPolicy, "batch_longest") }

  /// Both features of the report.
  static func report(length: Step) throws -> FeaturePipeline {
    try FeaturePipeline(
      audio: audio(), length: length,
      features: [feature("spectral", [spectral()]), feature("mel_image", image())])
  }

  /// A kind or a required field that a test forgot.
  struct UnknownKind: Error {
    let name: String
  }
}

/// What the closure finds; empty where it throws nothing.
func findings(of body: () throws -> Void) -> [Diagnostic] {
  do {
    try body()
    return []
  } catch {
    return (error as? DiagnosticFailure)?.diagnostics ?? []
  }
}
