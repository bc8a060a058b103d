import Audio
import Synchronization

extension StoredClips {
  /// Fits `step` to the feature at `index` on `clips`, which is the same for any number of threads. What was fitted on the same sound is taken from
  /// the cache.
  func standard(
    _ step: Standardize, ofFeature index: Int, on clips: [Int], threads: Int,
    shouldStop: @Sendable () -> Bool
  ) throws -> FeatureStandard {
    let feature = features[index]
    let sound = clips.map { key(of: $0).text }.joined(separator: "\n")
    let pack: FeaturePack? = try? FeaturePack(
      PackDescription(
        name: "standardize", chain: audioText + lengthText + feature.text.flatMap { $0 } + step.text), cache: cache)
    let sum = Digest(sound)
    if let values = pack?.values(sum), values.count % 2 == 0, !values.isEmpty {
      return FeatureStandard(
        feature: feature.name, over: step.over.rawValue, mean: Array(values[..<(values.count / 2)]),
        scale: Array(values[(values.count / 2)...]))
    }
    let fitted = try moments(step, ofFeature: index, on: clips, threads: threads, shouldStop: shouldStop)
    let standard = FeatureStandard(fitted, of: step, feature: feature.name)
    // Without it the next run only takes longer.
    try? pack?.add(sum, samples: 0, values: standard.mean + standard.scale, replacing: true)
    return standard
  }

  /// Takes up the clips one by one, in their order, from values that several threads read.
  private func moments(
    _ step: Standardize, ofFeature index: Int, on clips: [Int], threads: Int,
    shouldStop: @Sendable () -> Bool
  ) throws -> FeatureMoments {
    var total: FeatureMoments?
    for start in stride(from: 0, to: clips.count, by: 64) {
      if shouldStop() { throw CancellationError() }
      let block = clips[start..<min(start + 64, clips.count)]
      let results = Mutex([Result<FeatureMoments, any Error>?](repeating: nil, count: block.count))
      concurrently(block.count, threads: threads) { position in
        let result = Result { try moments(step, ofFeature: index, on: block[start + position]) }
        results.withLock { $0[position] = result }
      }
      for result in results.withLock({ $0 }) {
        guard let moments = try result?.get() else { continue }
        if total == nil { total = FeatureMoments(groups: moments.mean.count) }
        total?.add(moments)
      }
    }
    return total ?? FeatureMoments(groups: 0)
  }

  private func moments(
    _ step: Standardize, ofFeature index: Int, on clip: Int
  ) throws -> FeatureMoments {
    let length = ownLength(of: clip)
    var analysis: WaveformAnalysis?
    let values = try values(of: index, clip: clip, length: length, &analysis)
    let groups = step.groups(of: features[index].shape.sizes(samples: length))
    return FeatureMoments(of: values, groups: groups.count, width: groups.width)
  }
}
