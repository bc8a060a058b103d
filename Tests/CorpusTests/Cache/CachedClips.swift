import Audio
import Corpus
import Spec
import Synchronization
import TestSupport

/// Clips whose sound tells how often it was made, and stores of their features.
final class CachedClips: Sendable {
  static let count = 4

  private let made = Atomic<Int>(0)

  /// How many clips were made since the last call.
  func takeMade() -> Int { made.exchange(0, ordering: .relaxed) }

  /// `count` clips from `length` samples on, known by what they are made from.
  func sources(count: Int = count, pitch: Double = 150, length: Int = 9000) -> [ClipSource] {
    (0..<count).map { index in
      let length = length + 700 * index
      return ClipSource(name: "clip \(index)", identity: .made("\(length) \(pitch)")) { [self] in
        made.add(1, ordering: .relaxed)
        return Clip(channels: [Tone.samples(count: length, pitch: pitch + 20 * Double(index))], rate: 16000)
      }
    }
  }

  /// A store of two features, `level` and `image`.
  func store(
    _ cache: FeatureCache?, hop: Int = 160, length: Step? = nil, sources: [ClipSource]? = nil, threads: Int = 2,
    features: [String] = ["level", "image"]
  ) throws -> FeatureStore {
    try FeatureStore(
      sources ?? self.sources(), pipeline: Self.pipeline(hop: hop, length: length), features: features,
      threads: threads,
      cache: cache)
  }

  static func pipeline(hop: Int = 160, length: Step? = nil) throws -> FeaturePipeline {
    let frames: [String: FieldValue.Content] = ["frame_length": .integer(512), "hop_length": .integer(hop)]
    return try FeaturePipeline(
      audio: SpecPieces.audio(), length: length ?? SpecPieces.fixed(0.5),
      features: [
        SpecPieces.feature("level", [SpecPieces.step(.featureStep, "rms", frames)]),
        SpecPieces.feature("image", SpecPieces.image()),
      ])
  }

  /// The batch of all clips.
  static func batch(_ store: FeatureStore, count: Int = count) throws -> [[Float]] {
    try store.batch(of: Array(0..<count)).values
  }

  static func cache(_ folder: TemporaryFolder) -> FeatureCache { FeatureCache(folder: folder.file("cache")) }
}
