import Audio
import Corpus
import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing

/// `standardize` against its formula in double precision, which is scikit-learn's and NumPy's.
@Suite struct StandardizeTests {
  private let clips = CachedClips()
  private static let training = [3, 0, 2]

  /// A pipeline whose one feature is given, then `standardize`.
  private func pipeline(
    _ steps: [Step], _ fields: [String: FieldValue.Content] = [:], length: Step? = nil
  ) throws -> FeaturePipeline {
    try FeaturePipeline(
      audio: SpecPieces.audio(), length: length ?? SpecPieces.fixed(0.5),
      features: [SpecPieces.feature("x", steps + [SpecPieces.step(.featureStep, "standardize", fields)])])
  }

  private func store(_ pipeline: FeaturePipeline, threads: Int = 2, cache: FeatureCache? = nil) throws -> FeatureStore {
    try FeatureStore(clips.sources(), pipeline: pipeline, features: ["x"], threads: threads, cache: cache)
  }

  private func stack() throws -> [Step] {
    let mel = try SpecPieces.step(
      .featureStep, "mel_spectrogram", ["n_fft": .integer(512), "hop_length": .integer(160), "n_mels": .integer(6)])
    return [mel, try SpecPieces.step(.featureStep, "log")]
  }

  /// Mean and population deviation of the training clips' values by group: `groups` of `width` neighbours a clip.
  private func expected(_ values: [[Float]], groups: Int) -> [(mean: Double, scale: Double)] {
    (0..<groups).map { group in
      let all = values.flatMap { values -> [Double] in
        let width = values.count / groups
        return values[group * width..<(group + 1) * width].map(Double.init)
      }
      let mean = all.reduce(0, +) / Double(all.count)
      let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)
      return (mean, variance.squareRoot())
    }
  }

  @Test(arguments: [("frames", 6), ("all", 1), ("clips", 6 * 51)])
  func fixedLengths(over: String, groups: Int) throws {
    let store = try store(pipeline(stack(), ["over": .string(over)]))
    #expect(store.needsFit && store.fitted.isEmpty)
    let raw = try (0..<CachedClips.count).map { try store.batch(of: [$0]).values[0] }
    try store.fit(on: Self.training)
    let fitted = try #require(store.fitted.first)
    #expect(fitted.feature == "x" && fitted.over == over && fitted.mean.count == groups)
    let expected = expected(Self.training.map { raw[$0] }, groups: groups)
    for (group, (mean, scale)) in expected.enumerated() {
      #expect(abs(Double(fitted.mean[group]) - mean) < 1e-6 * max(1, abs(mean)))
      #expect(abs(Double(fitted.scale[group]) - scale) < 1e-6 * max(1, scale))
    }
    let standardized = try store.batch(of: [1, 2]).values[0]
    for (position, clip) in [1, 2].enumerated() {
      let width = raw[clip].count / groups
      for (index, value) in raw[clip].enumerated() {
        let (mean, scale) = expected[index / width]
        let exact = (Double(value) - mean) / scale
        // Values and means are rounded to single precision before the division.
        let bound = 3e-7 * (1 + abs(exact) + abs(mean) / scale)
        #expect(abs(Double(standardized[position * raw[clip].count + index]) - exact) < bound)
      }
    }
  }

  @Test func vectorsAndImagesHaveTheirOwnGroups() throws {
    let mean = try SpecPieces.step(.featureStep, "mean_over_time")
    let vector = try store(pipeline(stack() + [mean]))
    try vector.fit(on: Self.training)
    #expect(vector.fitted.first?.mean.count == 6, "a mean for each value")
    let image = try store(pipeline(SpecPieces.image()))
    try image.fit(on: Self.training)
    #expect(image.fitted.first?.mean.count == 64, "a mean for each row")
  }

  @Test func openLengthsAreFittedOnClipsAsLongAsTheyAre() throws {
    let pipeline = try pipeline(stack(), length: SpecPieces.batchLongest())
    let store = try store(pipeline)
    let raw = try (0..<CachedClips.count).map { try store.batch(of: [$0]).values[0] }
    let padded = try store.batch(of: [0, 3]).values[0]
    try store.fit(on: Self.training)
    let fitted = try #require(store.fitted.first)
    for (group, (mean, scale)) in expected(Self.training.map { raw[$0] }, groups: 6).enumerated() {
      #expect(abs(Double(fitted.mean[group]) - mean) < 1e-6 * max(1, abs(mean)))
      #expect(abs(Double(fitted.scale[group]) - scale) < 1e-6 * max(1, scale))
    }
    let batch = try store.batch(of: [0, 3]).values[0]
    let width = padded.count / 12
    for index in batch.indices {
      let group = index / width % 6
      #expect(abs(batch[index] - (padded[index] - fitted.mean[group]) / fitted.scale[group]) < 1e-6)
    }
  }

  @Test func equalValuesKeepTheirScale() throws {
    // A clip of zeros and one sample has frames without any power.
    let silence = (0..<2).map { _ in
      ClipSource(name: "click") {
        Clip(channels: [[1] + [Float](repeating: 0, count: 7999)], rate: 16000)
      }
    }
    let pipeline = try FeaturePipeline(
      audio: [
        SpecPieces.step(.audioStep, "resample", ["rate": .integer(16000)]), SpecPieces.step(.audioStep, "mono"),
      ], length: SpecPieces.fixed(0.5),
      features: [
        SpecPieces.feature(
          "x",
          [
            SpecPieces.step(.featureStep, "rms", ["frame_length": .integer(512), "hop_length": .integer(4000)]),
            SpecPieces.step(.featureStep, "standardize", ["over": .string("clips")]),
          ])
      ])
    let store = try FeatureStore(silence, pipeline: pipeline, features: ["x"], threads: 1)
    try store.fit(on: [0, 1])
    #expect(store.fitted.first?.scale == [1, 1, 1])
    #expect(try store.batch(of: [0]).values[0] == [0, 0, 0])
  }

  @Test func meanAndDeviationCanBeLeftOut() throws {
    let store = try store(pipeline(stack(), ["with_mean": .boolean(false), "with_std": .boolean(false)]))
    let raw = try store.batch(of: [0, 1]).values
    try store.fit(on: Self.training)
    #expect(try store.batch(of: [0, 1]).values == raw)
  }

  @Test func onlyTrainingClipsAndTheirOrderCount() throws {
    let folder = try TemporaryFolder()
    let pipeline = try pipeline(stack())
    let reference = try store(pipeline)
    try reference.fit(on: Self.training)
    for threads in [1, 3] {
      for cache in [nil, CachedClips.cache(folder), CachedClips.cache(folder)] {
        let store = try store(pipeline, threads: threads, cache: cache)
        try store.fit(on: Self.training)
        #expect(store.fitted == reference.fitted)
        #expect(try CachedClips.batch(store) == CachedClips.batch(reference))
      }
    }
    let other = try store(pipeline, cache: CachedClips.cache(folder))
    try other.fit(on: [1])
    #expect(other.fitted != reference.fitted)
  }

  @Test func changedWaveformsAreStandardizedToo() throws {
    let pipeline = try pipeline(stack())
    let store = try store(pipeline)
    try store.fit(on: Self.training)
    let waveform = pipeline.fit(try store.waveform(of: 1), to: 8000)
    #expect(store.features(of: waveform) == (try store.batch(of: [1]).values))
  }

  @Test func whatIsBeforeItIsCached() throws {
    let folder = try TemporaryFolder()
    _ = try store(pipeline(stack()), cache: CachedClips.cache(folder))
    let other = try store(pipeline(stack(), ["over": .string("all")]), cache: CachedClips.cache(folder))
    #expect(other.report.text == "x: cached")
  }

  @Test func itMustBeLast() throws {
    let standardize = try SpecPieces.step(.featureStep, "standardize")
    let nested = try SpecPieces.step(.featureStep, "chain", ["steps": .steps(stack() + [standardize])])
    for steps in [
      [standardize] + (try stack()), try stack() + [standardize, SpecPieces.step(.featureStep, "min_max")], [nested],
    ] {
      let found = findings {
        _ = try FeaturePipeline(
          audio: SpecPieces.audio(), length: SpecPieces.fixed(1), features: [SpecPieces.feature("x", steps)])
      }
      #expect(found.map(\.id) == ["feature.standardize_last"])
    }
    let open = findings {
      _ = try pipeline(stack(), ["over": .string("clips")], length: SpecPieces.batchLongest())
    }
    #expect(open.map(\.id) == ["feature.standardize_open"])
  }
}
