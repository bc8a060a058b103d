import Diagnostics
import Spec
import Synchronization

/// The features of several clips with a batch axis in front.
public struct FeatureBatch: Sendable {
  /// The shape of one clip's values, for each feature.
  public let shapes: [[Int]]
  /// For each feature the values of all clips, one clip behind the other, each row-major in its shape.
  public let values: [[Float]]
  /// With masks, for each feature of open length how many frames belong to each clip.
  public let lengths: [[Int]]
}

/// The features of a corpus's clips by batch. What is computed clip by clip lies in the feature cache, or in a temporary file without one:
/// memory does not grow with the corpus.
///
/// Where the length policy gives every clip the same length, or masks tell where each ends, features depend on the clip alone and are kept whole. Otherwise the
/// prepared waveforms are kept with what can be computed of them alone (`PaddableHead`), and features are finished for each batch.
public final class FeatureStore: Sendable {
  public let pipeline: FeaturePipeline
  /// The features that batches have, in this order.
  public let features: [FeaturePipeline.Feature]
  /// The clips that were left out, by index, with what is wrong with them.
  public let skipped: [(clip: Int, finding: Diagnostic)]
  /// What was in the cache and what had to be computed.
  public let report: CacheReport
  let contents: StoredClips
  let threads: Int
  private let standards = Mutex<[FeatureStandard?]>([])

  /// Finds `clips` in the cache and computes what is not there on `threads` threads.
  ///
  /// - Parameters:
  ///   - names: the features that are wanted, of those of `pipeline`.
  ///   - cache: nil to keep nothing beyond the process.
  ///   - keepsWaveforms: whether prepared waveforms are kept where features do not need them, for `waveform(of:)`.
  ///   - onBadClip: whether a clip that cannot be used is an error or is left out.
  ///   - announce: told what the cache has, before the rest is computed.
  ///   - progress: told how many of the clips that must be read are done, from any thread, in rising order.
  ///   - shouldStop: asked before each clip; true ends the reading.
  /// - Throws: a `DiagnosticFailure` that names every bad clip (`data.*`), also where all are bad; `CancellationError` where it was
  ///   stopped.
  public init(
    _ clips: [ClipSource], pipeline: FeaturePipeline, features names: [String], threads: Int,
    cache: FeatureCache? = nil, keepsWaveforms: Bool = false, onBadClip: BadClipPolicy = .error,
    announce: (CacheReport) -> Void = { _ in },
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil, shouldStop: @Sendable () -> Bool = { false }
  ) throws {
    let wanted = names.map { name -> FeaturePipeline.Feature in
      guard let feature = pipeline.feature(name) else { preconditionFailure("the pipeline has no feature '\(name)'") }
      return feature
    }
    let contents = try StoredClips(
      clips, pipeline: pipeline, features: wanted, threads: threads, cache: cache, keepsWaveforms: keepsWaveforms,
      shouldStop: shouldStop)
    report = contents.report
    announce(report)
    let bad = try contents.fill(threads: threads, progress: progress, shouldStop: shouldStop)
    let noneIsLeft = !clips.isEmpty && Set(bad.map(\.clip)).count == clips.count
    if !bad.isEmpty, onBadClip == .error || noneIsLeft { throw DiagnosticFailure(bad.map(\.finding)) }
    self.pipeline = pipeline
    features = wanted
    skipped = bad
    self.contents = contents
    self.threads = threads
    standards.withLock { $0 = wanted.map { _ in nil } }
  }

  /// The prepared waveform of `clip`: behind the audio chain, of the clip's own length.
  ///
  /// - Throws: a `DiagnosticFailure` (`data.*`) where it has to be read again and cannot be.
  public func waveform(of clip: Int) throws -> [Float] { try contents.waveform(of: clip) }

  /// The length of `clip`'s prepared waveform in samples, without reading it; 0 for a clip that was skipped.
  public func samples(of clip: Int) -> Int { contents.samples(of: clip) }

  /// The values of the store's features as batches have them, each row-major in its shape, of a waveform that already has its
  /// final length, such as one that augmentation has changed.
  public func features(of waveform: [Float]) -> [[Float]] {
    let standards = standards.withLock { $0 }
    return zip(pipeline.extract(features, from: waveform), standards).map { values, standard in
      var values = values
      values.withUnsafeMutableBufferPointer { standard?.apply(to: $0) }
      return values
    }
  }

  /// The features of `clips`, in this order. Clips that were skipped must not be among them.
  ///
  /// - Throws: a `DiagnosticFailure` (`data.*`) where a clip has to be read again and cannot be.
  public func batch(of clips: [Int]) throws -> FeatureBatch {
    let length = pipeline.length(of: clips.map(samples(of:)))
    let shapes = features.map { $0.shape.sizes(samples: length) }
    let sizes = shapes.map { $0.reduce(1, *) }
    let standards = standards.withLock { $0 }
    let buffers = sizes.map { UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, $0 * clips.count)) }
    defer { for buffer in buffers { buffer.deallocate() } }
    // Each clip writes its own stretch of each buffer.
    nonisolated(unsafe) let targets = buffers
    let failure = Mutex<(any Error)?>(nil)
    let fill: @Sendable (Int) -> Void = { [self] position in
      do {
        for (feature, values) in try contents.values(of: clips[position], length: length).enumerated() {
          let size = sizes[feature]
          let target = UnsafeMutableBufferPointer(rebasing: targets[feature][position * size..<(position + 1) * size])
          if values.count == size {
            _ = target.initialize(from: values)
            standards[feature]?.apply(to: target)
          } else {
            var values = values
            values.withUnsafeMutableBufferPointer { standards[feature]?.apply(to: $0) }
            pad(values, frames: frames(features[feature], of: clips[position]), to: shapes[feature], target)
          }
        }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if pipeline.isClipwise {
      for position in clips.indices { fill(position) }
    } else {
      concurrently(clips.count, threads: threads, fill)
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return FeatureBatch(
      shapes: shapes, values: zip(buffers, sizes).map { Array($0[..<($1 * clips.count)]) },
      lengths: pipeline.masks
        ? features.filter(\.shape.isOpen).map { feature in clips.map { frames(feature, of: $0) } } : [])
  }

  /// The frames of a feature of open length that a clip has by itself.
  private func frames(_ feature: FeaturePipeline.Feature, of clip: Int) -> Int {
    feature.shape.sizes(samples: samples(of: clip)).last ?? 0
  }

  /// Writes rows of `frames` values with zeros behind them up to the last extent of `shape`.
  private func pad(_ values: [Float], frames: Int, to shape: [Int], _ target: UnsafeMutableBufferPointer<Float>) {
    target.initialize(repeating: 0)
    let length = shape.last ?? 0
    for (row, start) in stride(from: 0, to: values.count, by: max(1, frames)).enumerated() {
      for t in 0..<frames { target[row * length + t] = values[start + t] }
    }
  }

  /// What tells each clip's sound from others, in the order of the clips: the first 128 bits of the SHA-256 of the file's bytes, or of all
  /// that synthesized sound is made from, as hexadecimal digits.
  public var audioDigests: [String] { contents.keys.map(\.text) }

  /// For each feature, or for the waveforms where features are finished for each batch, a digest of what is stored of `clips`.
  public func digests(of clips: [Int]) -> [(name: String, digest: String)] {
    contents.digests(of: clips).map { ($0.name, $0.digest.text) }
  }

  /// What has been found damaged, or could not be written, since the last call: warnings.
  public func takeFindings() -> [Diagnostic] { contents.takeFindings() }

  /// What `standardize` does, for each feature that ends with it; empty before `fit`.
  public var fitted: [FeatureStandard] { standards.withLock { $0.compactMap { $0 } } }

  /// Whether a feature ends with `standardize`.
  public var needsFit: Bool { features.contains { $0.standardize != nil } }

  /// Standardizes batches by what was fitted before, such as a run's own values, in place of `fit`.
  ///
  /// - Returns: the names of the features that end with `standardize` and have no values of the right number among `known`.
  public func take(_ known: [FeatureStandard]) -> [String] {
    let found = features.map { feature -> FeatureStandard? in
      guard let step = feature.standardize else { return nil }
      return known.first { $0.feature == feature.name && $0.over == step.over.rawValue }
    }
    standards.withLock { $0 = found }
    return zip(features, found).filter { $0.standardize != nil && $1 == nil }.map(\.0.name)
  }

  /// Fits the features that end with `standardize` on `clips`, those of the training set, each of its own length where the length
  /// policy leaves that open. Batches are standardized from then on.
  ///
  /// - Throws: `CancellationError` where it was stopped; a `DiagnosticFailure` as `batch` does.
  public func fit(on clips: [Int], shouldStop: @Sendable () -> Bool = { false }) throws {
    let fitted = try features.enumerated().map { index, feature in
      try feature.standardize.map {
        try contents.standard($0, ofFeature: index, on: clips, threads: threads, shouldStop: shouldStop)
      }
    }
    standards.withLock { $0 = fitted }
  }
}
