import Audio
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

/// The clips of a corpus, decoded once and kept in memory, and their features by batch.
///
/// Where the length policy gives every clip the same length, or masks tell where each ends, features depend on the clip
/// alone: they are computed on the way in and kept, the waveforms are not. Otherwise the waveforms are kept with what can be computed of them alone
/// (`PaddableClip`), and features are finished for each batch.
public final class FeatureStore: Sendable {
  private enum Content: Sendable {
    /// The values of each feature, of a waveform of so many samples before it got its final length.
    case features([[Float]], samples: Int)
    case paddable(PaddableClip)
    /// Left out as bad.
    case missing
  }

  public let pipeline: FeaturePipeline
  /// The features that batches have, in this order.
  public let features: [FeaturePipeline.Feature]
  /// The clips that were left out, by index, with what is wrong with them.
  public let skipped: [(clip: Int, finding: Diagnostic)]
  let sources: [ClipSource]
  private let contents: [Content]
  let threads: Int

  /// Reads `clips` on `threads` threads.
  ///
  /// - Parameters:
  ///   - names: the features that are wanted, of those of `pipeline`.
  ///   - onBadClip: whether a clip that cannot be used is an error or is left out.
  ///   - progress: told how many clips are done, from any thread, in rising order.
  ///   - shouldStop: asked before each clip; true ends the reading.
  /// - Throws: a `DiagnosticFailure` that names every bad clip (`data.*`), also where all are bad; `CancellationError` where it was
  ///   stopped.
  public init(
    _ clips: [ClipSource], pipeline: FeaturePipeline, features names: [String], threads: Int,
    onBadClip: BadClipPolicy = .error, progress: (@Sendable (_ done: Int) -> Void)? = nil,
    shouldStop: @Sendable () -> Bool = { false }
  ) throws {
    _ = HeapPolicy.keepsFreedMemory
    let wanted = names.map { name -> FeaturePipeline.Feature in
      guard let feature = pipeline.feature(name) else { preconditionFailure("the pipeline has no feature '\(name)'") }
      return feature
    }
    let results = Mutex<[Result<Content, DiagnosticFailure>?]>(Array(repeating: nil, count: clips.count))
    let done = Mutex(0)
    concurrently(clips.count, threads: threads) { index in
      if shouldStop() { return }
      let result = Result { try Self.read(clips[index], pipeline, wanted) }.mapError { error in
        error as? DiagnosticFailure
          ?? DiagnosticFailure([Diagnostic("data.audio_unreadable", .error, "\(clips[index].name): \(error)")])
      }
      results.withLock { $0[index] = result }
      done.withLock {
        $0 += 1
        progress?($0)
      }
    }
    var (contents, bad): ([Content], [(clip: Int, finding: Diagnostic)]) = ([], [])
    for (index, result) in results.withLock({ $0 }).enumerated() {
      switch result {
      case nil: throw CancellationError()
      case .success(let content): contents.append(content)
      case .failure(let failure):
        contents.append(.missing)
        bad += failure.diagnostics.map { (index, $0) }
      }
    }
    let noneIsLeft = !clips.isEmpty && Set(bad.map(\.clip)).count == clips.count
    if !bad.isEmpty, onBadClip == .error || noneIsLeft { throw DiagnosticFailure(bad.map(\.finding)) }
    sources = clips
    self.pipeline = pipeline
    features = wanted
    skipped = bad
    self.contents = contents
    self.threads = threads
  }

  /// The prepared waveform of `clip`: behind the audio chain, of the clip's own length.
  ///
  /// - Throws: a `DiagnosticFailure` (`data.*`) where it has to be read again and cannot be.
  public func waveform(of clip: Int) throws -> [Float] {
    if case .paddable(let kept) = contents[clip] { return kept.waveform }
    return pipeline.prepare(try sources[clip].load())
  }

  /// The length of `clip`'s prepared waveform in samples, without reading it; 0 for a clip that was skipped.
  public func samples(of clip: Int) -> Int {
    switch contents[clip] {
    case .features(_, let samples): samples
    case .paddable(let kept): kept.waveform.count
    case .missing: 0
    }
  }

  /// The values of the store's features as batches have them, each row-major in its shape, of a waveform that already has its
  /// final length, such as one that augmentation has changed.
  public func features(of waveform: [Float]) -> [[Float]] { pipeline.extract(features, from: waveform) }

  /// The features of `clips`, in this order. Clips that were skipped must not be among them.
  ///
  /// - Throws: a `DiagnosticFailure` (`data.*`) where a clip has to be read again and cannot be.
  public func batch(of clips: [Int]) throws -> FeatureBatch { try batch(of: clips, length: length(of: clips)) }

  /// The same as a part of a batch whose waveforms have `length` samples.
  func batch(of clips: [Int], length: Int) throws -> FeatureBatch {
    let shapes = features.map { $0.shape.sizes(samples: length) }
    let sizes = shapes.map { $0.reduce(1, *) }
    let buffers = sizes.map { UnsafeMutablePointer<Float>.allocate(capacity: max(1, $0 * clips.count)) }
    defer { for buffer in buffers { buffer.deallocate() } }
    // Each clip writes its own stretch of each buffer.
    nonisolated(unsafe) let targets = buffers
    let fill: @Sendable (Int) -> Void = { [self] position in
      for (feature, values) in values(of: clips[position], length: length).enumerated() {
        let target = targets[feature].advanced(by: position * sizes[feature])
        if values.count == sizes[feature] {
          target.initialize(from: values, count: values.count)
        } else {
          target.initialize(
            from: padded(values, frames: frames(features[feature], of: clips[position]), to: shapes[feature]),
            count: sizes[feature])
        }
      }
    }
    if pipeline.fixedSamples != nil || pipeline.masks {
      for position in clips.indices { fill(position) }
    } else {
      concurrently(clips.count, threads: threads, fill)
    }
    return FeatureBatch(
      shapes: shapes,
      values: zip(buffers, sizes).map { Array(UnsafeBufferPointer(start: $0, count: $1 * clips.count)) },
      lengths: pipeline.masks
        ? features.filter(\.shape.isOpen).map { feature in clips.map { frames(feature, of: $0) } } : [])
  }

  /// The frames of a feature of open length that a clip has by itself.
  private func frames(_ feature: FeaturePipeline.Feature, of clip: Int) -> Int {
    feature.shape.sizes(samples: samples(of: clip)).last ?? 0
  }

  /// Rows of `frames` values with zeros appended to the last extent of `shape`.
  private func padded(_ values: [Float], frames: Int, to shape: [Int]) -> [Float] {
    let length = shape.last ?? 0
    return stride(from: 0, to: values.count, by: max(1, frames)).flatMap { row in
      values[row..<row + frames] + [Float](repeating: 0, count: length - frames)
    }
  }

  private func length(of clips: [Int]) -> Int {
    pipeline.length(of: clips.map(samples(of:)))
  }

  private func values(of clip: Int, length: Int) -> [[Float]] {
    switch contents[clip] {
    case .features(let values, _): values
    case .paddable(let clip): clip.extract(features, length: length)
    case .missing: preconditionFailure("clip \(clip) was left out as bad")
    }
  }

  /// Decodes and prepares one clip, and extracts its features where they depend on it alone.
  private static func read(
    _ source: ClipSource, _ pipeline: FeaturePipeline, _ features: [FeaturePipeline.Feature]
  ) throws -> Content {
    let waveform = pipeline.prepare(try source.load())
    if let length = pipeline.fixedSamples {
      return .features(
        pipeline.extract(features, from: pipeline.fit(waveform, to: length)), samples: waveform.count)
    }
    guard waveform.count >= pipeline.minimumSamples else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.clip_too_short", .error, "\(source.name): the clip is too short for the features",
          detail:
            "It has \(waveform.count) samples at \(pipeline.rate) Hz, the features need \(pipeline.minimumSamples). "
            + "Leave it out, use a smaller n_fft, or `length: {policy: fixed, ...}`.")
      ])
    }
    if pipeline.masks { return .features(pipeline.extract(features, from: waveform), samples: waveform.count) }
    return .paddable(PaddableClip(waveform, features: features))
  }
}
