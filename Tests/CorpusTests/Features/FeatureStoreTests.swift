import Audio
import Corpus
import Diagnostics
import Spec
import Synchronization
import Testing

@Suite struct FeatureStoreTests {
  private static let lengths = [16000, 9000, 20001, 12345, 16000]
  private let clips = lengths.enumerated().map { Tone.source(count: $1, pitch: 120 + 30 * Double($0)) }
  private let names = ["spectral", "mel_image"]

  @Test func fixedFeaturesAreThoseOfThePipeline() throws {
    let pipeline = try SpecPieces.report(length: SpecPieces.fixed(1))
    let store = try FeatureStore(clips, pipeline: pipeline, features: names, threads: 2)
    let batch = try store.batch(of: [2, 0])
    #expect(batch.shapes == [[27, 101], [1, 64, 64]])
    for (position, clip) in [2, 0].enumerated() {
      let waveform = pipeline.fit(pipeline.prepare(try clips[clip].load()), to: 16000)
      for (index, values) in pipeline.extract(pipeline.features, from: waveform).enumerated() {
        let size = values.count
        #expect(Array(batch.values[index][position * size..<(position + 1) * size]) == values)
      }
    }
  }

  @Test func variableFeaturesDependOnTheBatch() throws {
    let pipeline = try SpecPieces.report(length: SpecPieces.batchLongest())
    let store = try FeatureStore(clips, pipeline: pipeline, features: names, threads: 2)
    let (alone, together) = (try store.batch(of: [1]), try store.batch(of: [1, 2]))
    #expect(alone.shapes == [[27, 57], [1, 64, 64]])
    #expect(together.shapes == [[27, 126], [1, 64, 64]])
    let waveform = pipeline.fit(pipeline.prepare(try clips[1].load()), to: 20001)
    let expected = pipeline.extract(pipeline.features, from: waveform)
    #expect(Array(together.values[0].prefix(27 * 126)) == expected[0])
    #expect(Array(together.values[1].prefix(64 * 64)) == expected[1])
    #expect(Array(together.values[1].prefix(64 * 64)) != alone.values[1])
  }

  @Test func maskedFeaturesAreThoseOfTheClipAloneWithZerosBehind() throws {
    let length = try SpecPieces.step(.lengthPolicy, "batch_longest", ["masks": .boolean(true)])
    let pipeline = try SpecPieces.report(length: length)
    let store = try FeatureStore(clips, pipeline: pipeline, features: names, threads: 2)
    let (alone, together) = (try store.batch(of: [1]), try store.batch(of: [2, 1]))
    #expect(together.shapes == [[27, 126], [1, 64, 64]])
    // Of the image no frame is padding: it has no length.
    #expect(together.lengths == [[126, 57]])
    #expect(alone.lengths == [[57]])
    for row in 0..<27 {
      let padded = together.values[0][(27 + row) * 126..<(28 + row) * 126]
      #expect(Array(padded.prefix(57)) == Array(alone.values[0][row * 57..<(row + 1) * 57]))
      #expect(padded.dropFirst(57).allSatisfy { $0 == 0 })
    }
    #expect(Array(together.values[1].suffix(64 * 64)) == alone.values[1])
    let waveform = pipeline.prepare(try clips[1].load())
    #expect(alone.values == pipeline.extract(pipeline.features, from: waveform))
  }

  /// Around the margins, where what is kept of a clip does and does not serve; with every kind of step.
  @Test func keptFramesHaveTheBitsOfThePaddedWaveform() throws {
    let frames: [String: FieldValue.Content] = ["hop_length": .integer(100), "frame_length": .integer(401)]
    let odd = [
      try SpecPieces.step(.featureStep, "rms", frames), try SpecPieces.step(.featureStep, "power_to_db"),
      try SpecPieces.step(.featureStep, "mean_over_time"),
    ]
    let pipeline = try FeaturePipeline(
      audio: SpecPieces.audio(), length: SpecPieces.batchLongest(),
      features: [
        SpecPieces.feature("spectral", [SpecPieces.spectral()]), SpecPieces.feature("image", SpecPieces.image()),
        SpecPieces.feature("odd", odd),
      ])
    for extra in [0, 1, 100, 159, 160, 256, 400, 416, 417, 418, 500, 512, 700, 767, 768, 769, 770, 800, 1000, 5000] {
      let sources = [Tone.source(count: 12345), Tone.source(count: 12345 + extra, pitch: 333)]
      let store = try FeatureStore(sources, pipeline: pipeline, features: pipeline.features.map(\.name), threads: 1)
      let waveform = pipeline.fit(pipeline.prepare(try sources[0].load()), to: 12345 + extra)
      let expected = pipeline.extract(pipeline.features, from: waveform)
      for (values, expected) in zip(try store.batch(of: [0, 1]).values, expected) {
        #expect(Array(values.prefix(expected.count)) == expected, "\(extra) samples of padding")
      }
    }
  }

  @Test func threadsDoNotChangeABit() throws {
    for length in [try SpecPieces.fixed(1), try SpecPieces.batchLongest()] {
      let pipeline = try SpecPieces.report(length: length)
      let batches = try [1, 3, 8].map {
        try FeatureStore(clips, pipeline: pipeline, features: names, threads: $0).batch(of: [4, 3, 2, 1, 0])
      }
      #expect(batches.allSatisfy { $0.values == batches[0].values && $0.shapes == batches[0].shapes })
    }
  }

  @Test func onlyTheWantedFeaturesInTheWantedOrder() throws {
    let pipeline = try SpecPieces.report(length: SpecPieces.fixed(1))
    let store = try FeatureStore(clips, pipeline: pipeline, features: ["mel_image"], threads: 1)
    #expect(try store.batch(of: [0]).shapes == [[1, 64, 64]])
    let turned = try FeatureStore(clips, pipeline: pipeline, features: ["mel_image", "spectral"], threads: 1)
    #expect(try turned.batch(of: [0]).shapes == [[1, 64, 64], [27, 101]])
  }

  @Test func everyBadClipIsNamed() throws {
    let bad = [clips[0], .file("/nowhere/a.wav"), clips[1], .file("/nowhere/b.wav")]
    let pipeline = try SpecPieces.report(length: SpecPieces.fixed(1))
    let found = findings { _ = try FeatureStore(bad, pipeline: pipeline, features: names, threads: 2) }
    #expect(found.map(\.id) == ["data.audio_missing", "data.audio_missing"])
    #expect(found.map { $0.summary.contains("a.wav") } == [true, false])
  }

  @Test func badClipsCanBeSkipped() throws {
    let bad = [clips[0], .file("/nowhere/a.wav"), clips[1]]
    let pipeline = try SpecPieces.report(length: SpecPieces.batchLongest())
    let store = try FeatureStore(bad, pipeline: pipeline, features: names, threads: 2, onBadClip: .skip)
    #expect(store.skipped.map(\.clip) == [1])
    #expect(try store.batch(of: [0, 2]).shapes[0] == [27, 101])
    let all = findings {
      _ = try FeatureStore([bad[1]], pipeline: pipeline, features: names, threads: 1, onBadClip: .skip)
    }
    #expect(all.map(\.id) == ["data.audio_missing"])
  }

  @Test func clipsTooShortToMirror() throws {
    let pipeline = try SpecPieces.report(length: SpecPieces.batchLongest())
    let found = findings {
      _ = try FeatureStore([Tone.source(count: 512)], pipeline: pipeline, features: names, threads: 1)
    }
    #expect(found.map(\.id) == ["data.clip_too_short"])
  }

  @Test func progressCountsEveryClipInOrder() throws {
    let seen = Mutex<[Int]>([])
    let pipeline = try SpecPieces.report(length: SpecPieces.fixed(1))
    _ = try FeatureStore(
      clips, pipeline: pipeline, features: names, threads: 3, progress: { done, _ in seen.withLock { $0.append(done) } }
    )
    #expect(seen.withLock { $0 } == [1, 2, 3, 4, 5])
  }

  @Test func readingCanBeStopped() throws {
    let pipeline = try SpecPieces.report(length: SpecPieces.fixed(1))
    #expect(throws: CancellationError.self) {
      _ = try FeatureStore(clips, pipeline: pipeline, features: names, threads: 2, shouldStop: { true })
    }
  }
}
