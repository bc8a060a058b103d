import Corpus
import Diagnostics
import Foundation
import Spec

/// Specs whose audio part a test writes in the language itself.
enum SoundSpec {
  /// The pipeline of a spec with the given `audio`, `length` and steps of its one feature, one step a line as in YAML.
  static func pipeline(
    audio: String = "[resample: 16000, mono]", length: String = "{policy: batch_longest}", steps: String = "[rms]"
  ) throws -> FeaturePipeline {
    let text = """
      serspec: 1
      corpus: {name: c, pattern: "{speaker}_{emotion}", extensions: [wav], label: emotion, classes: [A, B]}
      audio: \(audio)
      length: \(length)
      features: {example: \(steps)}
      split: {policy: stratified, test: 0.3, val: 0.05, seed: 42}
      model: {logits: {from: example, layers: [dense]}}
      train: {epochs: 1, batch_size: 4, optimizer: sgd, schedule: [], loss: entropy, keep: {min: val.loss}}
      """
    let nothing = FieldTable([])
    let vocabulary = Vocabulary(
      FeatureCatalog.kinds.merging([
        .splitPolicy: SplitCatalog.kinds, .layer: [Kind("dense", summary: "", table: nothing)],
        .optimizer: [Kind("sgd", summary: "", table: nothing)], .loss: [Kind("entropy", summary: "", table: nothing)],
        .schedule: [], .combinator: [],
      ]) { first, _ in first })
    let resolution = resolve(SourceFile(name: "test.yaml", text: text), vocabulary: vocabulary)
    guard let spec = resolution.spec else {
      throw DiagnosticFailure(resolution.diagnostics.filter { $0.severity == .error })
    }
    return try FeaturePipeline(spec)
  }

  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// The values of sound_NAME.f32, which Fixtures/make_features.py made.
  static func reference(_ name: String) throws -> [Float] {
    try Data(contentsOf: tests.appendingPathComponent("Fixtures/sound_\(name).f32")).withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// The sound that the references are of.
  static let voicePath = tests.deletingLastPathComponent()
    .appendingPathComponent("AudioTests/Fixtures/voice.wav").path
}
