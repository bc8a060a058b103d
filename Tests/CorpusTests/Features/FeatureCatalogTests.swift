import Corpus
import Diagnostics
import Spec
import Testing

/// The documentation of the catalog, read by the language itself.
@Suite struct FeatureCatalogTests {
  @Test(arguments: [VocabularyPart.audioStep, .featureStep, .lengthPolicy])
  func kindsAreDocumented(part: VocabularyPart) throws {
    let kinds = try #require(FeatureCatalog.kinds[part])
    #expect(Set(kinds.map(\.name)).count == kinds.count)
    for kind in kinds {
      #expect(!kind.summary.isEmpty && !kind.formula.isEmpty && kind.example.contains(kind.name), "\(kind.name)")
      #expect(kind.table.fields.allSatisfy { !$0.doc.isEmpty }, "\(kind.name)")
    }
  }

  @Test func everyExampleResolvesAndCompiles() throws {
    for kind in FeatureCatalog.kinds[.featureStep] ?? [] {
      // A step that needs a spectrogram gets one.
      let alone = try compile(feature: [kind.example])
      let behind = try compile(feature: ["- mel_spectrogram", kind.example])
      #expect(alone.isEmpty || behind.isEmpty, "\(kind.name): \((alone + behind).map(\.summary))")
    }
    for kind in FeatureCatalog.kinds[.audioStep] ?? [] {
      let found = try compile(audio: kind.example)
      #expect(found.allSatisfy { $0.id.hasPrefix("audio.") }, "\(kind.name): \(found.map(\.summary))")
    }
    for kind in FeatureCatalog.kinds[.lengthPolicy] ?? [] {
      #expect(try compile(length: kind.example).isEmpty, "\(kind.name)")
    }
  }

  @Test func decibelsTakeANumberOrMax() throws {
    #expect(try compile(feature: ["- mel_spectrogram", "- power_to_db: {ref: 2}"]).isEmpty)
    #expect(try compile(feature: ["- mel_spectrogram", "- power_to_db: {ref: max, top_db: ~}"]).isEmpty)
    #expect(try !compile(feature: ["- mel_spectrogram", "- power_to_db: {ref: min}"]).isEmpty)
  }

  @Test func misfitsAreFoundWhereTheyStand() throws {
    let found = try compile(feature: ["- mel_spectrogram", "- min_max", "- stack: {features: [rms, mfcc]}"])
    #expect(found.map(\.id) == ["feature.needs_waveform", "feature.needs_waveform"])
    #expect(found.map { $0.span?.start.line } == [9, 9])
  }

  /// What is found in a spec with the given parts, decoded and compiled.
  private func compile(
    audio: String = "audio: [resample: 16000, mono, z_score]", length: String = "length: {policy: fixed, seconds: 3}",
    feature: [String] = ["- rms"]
  ) throws -> [Diagnostic] {
    let text = """
      serspec: 1
      corpus: {name: c, pattern: "{speaker}_{emotion}", extensions: [wav], label: emotion, classes: [A, B]}
      \(audio)
      \(length)
      features:
        example:
      \(feature.map { "    \($0)" }.joined(separator: "\n"))
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
    guard let spec = resolution.spec else { return resolution.diagnostics.filter { $0.severity == .error } }
    return findings { _ = try FeaturePipeline(spec) }
  }
}
