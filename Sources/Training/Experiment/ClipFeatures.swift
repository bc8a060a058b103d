import Audio
import Corpus
import Diagnostics
import Planning
import Spec
import TensorRuntime

/// The features of a corpus's clips as batches for a model.
public final class ClipFeatures: BatchSource {
  public let labels: [Int]
  /// Clips that cannot be used, with the reason, in the corpus's order.
  public let leftOut: [(file: String, reason: String)]
  private let store: FeatureStore
  /// Training batches; nil where the spec changes no clips.
  private let augmented: AugmentedBatches?
  private let skipped: Set<Int>

  /// Finds the clips' features in the cache, and computes what can be computed clip by clip and is not there.
  ///
  /// - Parameters:
  ///   - graph: the model; only the features that it reads are computed, in the order of its inputs.
  ///   - corpus: where the clips are from; the spec's own corpus where it is nil.
  ///   - labels: class indices of the model; those of the clips where they are nil.
  ///   - cache: where features are kept from run to run; nil for nowhere.
  ///   - announce: told what the cache has, before the rest is computed.
  ///   - progress: told how many of the clips that must be read are done, from any thread.
  /// - Throws: `DiagnosticFailure` that names every clip at fault (`data.*`); `RunInterrupted`.
  init(
    _ spec: ExperimentSpec, clips: [ClipReference], corpus: CorpusSpec? = nil, labels: [Int]? = nil,
    graph: LayerGraph, threads: Int, cache: FeatureCache?,
    announce: (CacheReport) -> Void = { _ in },
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void, shouldStop: @escaping @Sendable () -> Bool
  ) throws {
    self.labels = labels ?? clips.map(\.classIndex)
    let sounds = try ClipSounds(corpus: corpus ?? spec.corpus, clips: clips)
    let sources = clips.map(sounds.source(of:))
    let pipeline = try FeaturePipeline(spec)
    let augmentation = try Augmentation(spec, pipeline: pipeline)
    do {
      store = try FeatureStore(
        sources, pipeline: pipeline, features: graph.inputs.map(\.name), threads: threads, cache: cache,
        onBadClip: spec.onBadClip, announce: announce, progress: progress, shouldStop: shouldStop)
    } catch is CancellationError {
      throw RunInterrupted()
    }
    augmented =
      augmentation.isEmpty
      ? nil : AugmentedBatches(store, sources: sources, augmentation: augmentation, threads: threads)
    skipped = Set(store.skipped.map(\.clip))
    leftOut = store.skipped.map { (clips[$0.clip].relativePath, $0.finding.summary) }
  }

  /// `split` without the clips that were left out.
  ///
  /// - Throws: `DiagnosticFailure` (`data.set_empty`) where nothing is left of a set.
  func usable(_ split: Split) throws -> Split {
    func usable(_ indices: [Int], _ name: String) throws -> [Int] {
      let left = indices.filter { !skipped.contains($0) }
      guard !left.isEmpty else {
        throw DiagnosticFailure([
          Diagnostic(
            "data.set_empty", "no usable clip is left in the \(name) set",
            detail:
              "All of its \(indices.count) clips are at fault: \(leftOut.prefix(3).map(\.reason).joined(separator: "; "))."
          )
        ])
      }
      return left
    }
    return Split(
      train: try usable(split.train, "training"), val: try usable(split.val, "validation"),
      test: try usable(split.test, "test"))
  }

  public var batchesOfSimilarLength: Int? { store.pipeline.batchesOfSimilarLength }

  public func samples(of clip: Int) -> Int { store.samples(of: clip) }

  /// `clips` without those that were left out.
  func usable(_ clips: [Int]) -> [Int] { clips.filter { !skipped.contains($0) } }

  /// What tells each clip's sound from others: digests in hexadecimal digits.
  var audioDigests: [String] { store.audioDigests }

  /// Digests of what the features of `clips` are made from, by name.
  func digests(of clips: [Int]) -> [(name: String, digest: String)] { store.digests(of: clips) }

  /// Standardizes by values that were fitted before.
  ///
  /// - Throws: `DiagnosticFailure` (`data.run_damaged`) where a feature's are missing; `path` is where they came from.
  func take(_ standards: [FeatureStandard], from path: String) throws { try store.take(standards, from: path) }

  /// What the cache had.
  var report: CacheReport { store.report }

  /// What has been found damaged in the cache, or could not be written to it, since the last call.
  func takeFindings() -> [Diagnostic] { store.takeFindings() }

  /// Fits `standardize` on the training clips, where a feature ends with it; batches are standardized from then on.
  ///
  /// - Throws: `RunInterrupted`; `DiagnosticFailure` where a clip's audio is at fault.
  func fit(on trainingClips: [Int], shouldStop: @Sendable () -> Bool) throws -> [FeatureStandard] {
    do {
      if store.needsFit { try store.fit(on: trainingClips, shouldStop: shouldStop) }
    } catch is CancellationError {
      throw RunInterrupted()
    }
    return store.fitted
  }

  public func batch(of clips: [Int]) throws -> Batch {
    let features = try store.batch(of: clips)
    return Batch(
      shapes: features.shapes, features: features.values, lengths: features.lengths,
      labels: clips.map { Int32(labels[$0]) })
  }

  public func trainingBatch(of clips: [Int], number: Int, key: RandomKey) throws -> Batch {
    guard let augmented else { return try batch(of: clips) }
    let (ofClips, ofBatch) = (key.child("clips"), key.child("batches").child(UInt64(number)))
    let draws = AugmentationDraws(
      clip: { clip, step in
        RandomCursor(RandomStream(ofClips.child(UInt64(clip)).child(UInt64(step))))
      }, batch: { step in RandomCursor(RandomStream(ofBatch.child(UInt64(step)))) })
    let (features, mixture) = try augmented.batch(of: clips, draws)
    let own = clips.map { Int32(labels[$0]) }
    guard let mixture else {
      return Batch(shapes: features.shapes, features: features.values, lengths: features.lengths, labels: own)
    }
    // The class with the greater share counts as the clip's own: the training accuracy is about it.
    let others = mixture.partners.map { own[$0] }
    let isOwnGreater = mixture.share >= 0.5
    let share = isOwnGreater ? mixture.share : 1 - mixture.share
    return Batch(
      shapes: features.shapes, features: features.values, lengths: features.lengths,
      labels: isOwnGreater ? own : others,
      mixture: Batch.LabelMixture(
        labels: isOwnGreater ? others : own, shares: Array(repeating: share, count: clips.count)))
  }
}
