import Audio
import Diagnostics
import Spec
import Synchronization

extension FeatureStore {
  /// The features of training clips, changed by `augmentation` with the numbers of `draws`, in this order.
  ///
  /// Clips whose waveform nothing happens to keep the features that they have in any batch; the others are read anew and their
  /// features computed. The batch's length is that of the changed waveforms. The result is the same for any number of threads.
  ///
  /// - Returns: the batch, and how its clips were mixed; nil where they were not.
  /// - Throws: a `DiagnosticFailure` (`data.*`) where a clip has to be read again and cannot be.
  public func batch(
    of clips: [Int], changedBy augmentation: Augmentation, _ draws: AugmentationDraws
  ) throws -> (batch: FeatureBatch, mixture: Mixture?) {
    let waveforms = try changedWaveforms(of: clips, augmentation, draws)
    let lengths = zip(clips, waveforms).map { clip, waveform in waveform?.count ?? samples(of: clip) }
    // Behind a fast time stretch even the longest clip may be too short for a frame.
    let length = max(pipeline.length(of: lengths), pipeline.minimumSamples)
    let shapes = features.map { $0.shape.sizes(samples: length) }
    let sizes = shapes.map { $0.reduce(1, *) }
    let buffers = sizes.map { UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, $0 * clips.count)) }
    defer { for buffer in buffers { buffer.deallocate() } }
    // Each clip writes its own stretch of each buffer.
    nonisolated(unsafe) let targets = buffers
    @Sendable func target(_ feature: Int, _ position: Int) -> UnsafeMutableBufferPointer<Float> {
      UnsafeMutableBufferPointer(
        rebasing: targets[feature][position * sizes[feature]..<(position + 1) * sizes[feature]])
    }
    let unchanged = clips.indices.filter { waveforms[$0] == nil }
    if !unchanged.isEmpty {
      let kept = try batch(of: unchanged.map { clips[$0] }, length: length)
      for (place, position) in unchanged.enumerated() {
        for (feature, size) in sizes.enumerated() {
          _ = target(feature, position).initialize(from: kept.values[feature][place * size..<(place + 1) * size])
        }
      }
    }
    concurrently(clips.count, threads: threads) { position in
      if let waveform = waveforms[position] {
        for (feature, values) in features(of: pipeline.fit(waveform, to: length)).enumerated() {
          _ = target(feature, position).initialize(from: values)
        }
      }
      let parts = features.indices.map {
        Augmentation.FeatureValues(name: features[$0].name, shape: shapes[$0], values: target($0, position))
      }
      augmentation.change(parts, of: clips[position], draws)
    }
    let made = FeatureBatch(
      shapes: shapes, values: zip(buffers, sizes).map { Array($0[..<($1 * clips.count)]) })
    guard let (batch, mixture) = augmentation.mixed(made, clips: clips.count, draws) else { return (made, nil) }
    return (batch, mixture)
  }

  /// For each clip its changed waveform behind the audio chain, of its own length; nil where nothing happens to it.
  private func changedWaveforms(
    of clips: [Int], _ augmentation: Augmentation, _ draws: AugmentationDraws
  ) throws -> [[Float]?] {
    let results = Mutex<[Result<[Float]?, any Error>]>(Array(repeating: .success(nil), count: clips.count))
    concurrently(clips.count, threads: threads) { position in
      guard var change = augmentation.waveformChange(of: clips[position], draws) else { return }
      let result = Result { () throws -> [Float]? in
        try change.waveform(of: sources[clips[position]], pipeline)
      }
      results.withLock { $0[position] = result }
    }
    return try results.withLock { $0 }.map { try $0.get() }
  }
}
