import Audio
import Diagnostics
import Spec
import Synchronization

/// Training batches with a spec's augmentation, made beside a store of what the clips are without it.
///
/// Clips whose waveform nothing happens to have their features from the store; the others are read anew and their features computed.
/// A batch's length is that of the changed waveforms. The bits do not depend on the number of threads.
public struct AugmentedBatches: Sendable {
  private let store: FeatureStore
  private let sources: [ClipSource]
  private let augmentation: Augmentation
  private let threads: Int

  /// - Parameter sources: the clips that `store` was made of.
  public init(_ store: FeatureStore, sources: [ClipSource], augmentation: Augmentation, threads: Int) {
    (self.store, self.sources, self.augmentation, self.threads) = (store, sources, augmentation, threads)
  }

  /// The features of `clips`, changed with the numbers of `draws`, in this order.
  ///
  /// - Returns: the batch, and how its clips were mixed; nil where they were not.
  /// - Throws: a `DiagnosticFailure` (`data.*`) where a clip has to be read again and cannot be.
  public func batch(
    of clips: [Int], _ draws: AugmentationDraws
  ) throws -> (batch: FeatureBatch, mixture: Mixture?) {
    let (pipeline, features) = (store.pipeline, store.features)
    var waveforms = try changedWaveforms(of: clips, draws)
    // Behind a fast time stretch a clip may be too short for a frame.
    let counts = zip(clips, waveforms).map { max($1?.count ?? store.samples(of: $0), pipeline.minimumSamples) }
    let length = pipeline.length(of: counts)
    let samples = pipeline.masks ? counts : Array(repeating: length, count: clips.count)
    let kept = try keptValues(of: clips, beside: &waveforms, length: length)
    let shapes = features.map { $0.shape.sizes(samples: length) }
    let sizes = shapes.map { $0.reduce(1, *) }
    let buffers = sizes.map { UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, $0 * clips.count)) }
    defer { for buffer in buffers { buffer.deallocate() } }
    // Each clip writes its own stretch of each buffer.
    nonisolated(unsafe) let targets = buffers
    concurrently(clips.count, threads: threads) { [waveforms] position in
      let own = features.map { $0.shape.sizes(samples: samples[position]) }
      var values =
        waveforms[position].map { store.features(of: pipeline.fit($0, to: samples[position])) } ?? kept[position]
      augmentation.change(&values, of: clips[position], names: features.map(\.name), shapes: own, draws)
      for (feature, size) in sizes.enumerated() {
        let rows = Self.rows(of: values[feature], width: own[feature].last ?? 1, to: shapes[feature].last ?? 1)
        _ = UnsafeMutableBufferPointer(rebasing: targets[feature][position * size..<(position + 1) * size])
          .initialize(from: rows)
      }
    }
    let made = FeatureBatch(
      shapes: shapes, values: zip(buffers, sizes).map { Array($0[..<($1 * clips.count)]) },
      lengths: pipeline.masks
        ? features.filter(\.shape.isOpen).map { feature in
          samples.map { feature.shape.sizes(samples: $0).last ?? 0 }
        } : [])
    guard let (batch, mixture) = augmentation.mixed(made, clips: clips.count, draws) else { return (made, nil) }
    return (batch, mixture)
  }

  /// For each clip its changed waveform behind the audio chain, of its own length; nil where nothing happens to it.
  private func changedWaveforms(of clips: [Int], _ draws: AugmentationDraws) throws -> [[Float]?] {
    let results = Mutex<[Result<[Float]?, any Error>]>(Array(repeating: .success(nil), count: clips.count))
    concurrently(clips.count, threads: threads) { position in
      guard var change = augmentation.waveformChange(of: clips[position], draws) else { return }
      let result = Result { () throws -> [Float]? in
        try change.waveform(of: sources[clips[position]], store.pipeline)
      }
      results.withLock { $0[position] = result }
    }
    return try results.withLock { $0 }.map { try $0.get() }
  }

  /// The features of the clips whose waveform is not changed, from the store; none for the others. Where the store's would be those of
  /// a shorter batch, the clips' waveforms take their place.
  private func keptValues(
    of clips: [Int], beside waveforms: inout [[Float]?], length: Int
  ) throws -> [[[Float]]] {
    var values: [[[Float]]] = Array(repeating: [], count: clips.count)
    let positions = clips.indices.filter { waveforms[$0] == nil }
    let unchanged = positions.map { clips[$0] }
    if unchanged.isEmpty { return values }
    let dependsOnLength = store.pipeline.fixedSamples == nil && !store.pipeline.masks
    if dependsOnLength, store.pipeline.length(of: unchanged.map(store.samples(of:))) != length {
      for position in positions { waveforms[position] = try store.waveform(of: clips[position]) }
      return values
    }
    let batch = try store.batch(of: unchanged)
    for (place, position) in positions.enumerated() {
      let samples = store.pipeline.masks ? store.samples(of: clips[position]) : length
      values[position] = store.features.indices.map { feature in
        let shape = batch.shapes[feature]
        let size = shape.reduce(1, *)
        return Self.rows(
          of: Array(batch.values[feature][place * size..<(place + 1) * size]), width: shape.last ?? 1,
          to: store.features[feature].shape.sizes(samples: samples).last ?? 1)
      }
    }
    return values
  }

  /// Rows of `width` values with so many of them left, or zeros appended, that they have `wanted`.
  private static func rows(of values: [Float], width: Int, to wanted: Int) -> [Float] {
    if width == wanted { return values }
    let silence = [Float](repeating: 0, count: max(0, wanted - width))
    return stride(from: 0, to: values.count, by: width).flatMap { row in
      values[row..<row + min(width, wanted)] + silence
    }
  }
}
