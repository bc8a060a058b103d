import Audio
import Corpus
import Diagnostics
import Spec
import Synchronization

/// A store of the report's features with the augmentation of a spec, and random numbers named as a run names them.
struct AugmentedStore {
  /// The length policies that batches are made in different ways for.
  static let lengths = ["batch_longest", "{policy: fixed, seconds: 1}", "{policy: batch_longest, masks: true}"]

  let store: FeatureStore
  let augmentation: Augmentation
  private let batches: AugmentedBatches

  init(_ clips: [ClipSource], augment: String, length: String, threads: Int = 2) throws {
    let spec = try Self.spec(augment: augment, length: length)
    let pipeline = try FeaturePipeline(spec)
    augmentation = try Augmentation(spec, pipeline: pipeline)
    store = try FeatureStore(clips, pipeline: pipeline, features: ["spectral", "mel_image"], threads: threads)
    batches = AugmentedBatches(store, sources: clips, augmentation: augmentation, threads: threads)
  }

  func batch(of clips: [Int], epoch: Int = 0) throws -> (batch: FeatureBatch, mixture: Mixture?) {
    let draws = AugmentationDraws(
      clip: { clip, step in Numbers(state: UInt64(((epoch * 1000 + clip) * 100 + step) * 7919 + 1)) },
      batch: { step in Numbers(state: UInt64((epoch * 100 + step) * 104_729 + 5)) })
    return try batches.batch(of: clips, draws)
  }

  private static func spec(augment: String, length: String) throws -> ExperimentSpec {
    let text = """
      serspec: 1
      corpus: {name: c, pattern: "{speaker}_{emotion}", extensions: [wav], label: emotion, classes: [A, B]}
      audio: [resample: 16000, mono, z_score]
      length: \(length)
      features:
        spectral:
          - stack:
              features:
                - zero_crossing_rate: {frame_length: 512, hop_length: 160}
                - chroma_stft: {n_fft: 512, hop_length: 160}
                - mfcc: {n_mfcc: 13, n_fft: 512, hop_length: 160}
                - rms: {frame_length: 512, hop_length: 160}
        mel_image:
          - mel_spectrogram: {n_fft: 1024, hop_length: 256, n_mels: 64}
          - log
          - min_max
          - resize: {height: 64, width: 64}
      augment: \(augment)
      split: {policy: stratified, test: 0.3, val: 0.05}
      model: {a: {from: spectral, layers: [dense]}, logits: {from: mel_image, layers: [dense]}}
      train: {epochs: 1, batch_size: 4, optimizer: sgd, schedule: [], loss: entropy, keep: {min: val.loss}}
      """
    let nothing = FieldTable([])
    let vocabulary = Vocabulary(
      FeatureCatalog.kinds.merging([
        .augmentation: AugmentationCatalog.kinds, .splitPolicy: SplitCatalog.kinds,
        .layer: [Kind("dense", summary: "", table: nothing)], .optimizer: [Kind("sgd", summary: "", table: nothing)],
        .loss: [Kind("entropy", summary: "", table: nothing)],
      ]) { first, _ in first })
    let resolution = resolve(SourceFile(name: "test.yaml", text: text), vocabulary: vocabulary)
    guard let spec = resolution.spec else { throw DiagnosticFailure(resolution.diagnostics) }
    return spec
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A clip that can be read once.
final class Flaky: Sendable {
  private let reads = Mutex(0)
  private let clip: ClipSource
  private let failure: DiagnosticFailure

  init(_ clip: ClipSource, _ failure: DiagnosticFailure) { (self.clip, self.failure) = (clip, failure) }

  var source: ClipSource {
    ClipSource(name: clip.name) { [self] in
      let count = reads.withLock { reads in
        reads += 1
        return reads
      }
      if count > 1 { throw failure }
      return try clip.load()
    }
  }
}
