import Audio
import Corpus
import Diagnostics
import Spec
import Testing

@Suite struct FeaturePipelineTests {
  @Test func shapesOfTheReport() throws {
    let pipeline = try SpecPieces.report(length: SpecPieces.fixed(3))
    #expect(pipeline.rate == 16000)
    #expect(pipeline.fixedSamples == 48000)
    #expect(pipeline.features.map(\.name) == ["spectral", "mel_image"])
    #expect(pipeline.features.map(\.shape.description) == ["[27, T]", "[1, 64, 64]"])
    #expect(pipeline.features.map { $0.shape.sizes(samples: 48000) } == [[27, 301], [1, 64, 64]])
  }

  @Test func lengthOfABatchIsItsLongest() throws {
    let pipeline = try SpecPieces.report(length: SpecPieces.batchLongest())
    #expect(pipeline.fixedSamples == nil)
    #expect(pipeline.length(of: [20000, 52853, 30000]) == 52853)
    #expect(pipeline.feature("spectral")?.shape.sizes(samples: 52853) == [27, 331])
  }

  @Test func singleChannelVariantHas162Means() throws {
    let mel = try SpecPieces.step(
      .featureStep, "chain",
      [
        "steps": .steps([
          try SpecPieces.step(
            .featureStep, "mel_spectrogram",
            [
              "n_fft": .integer(512), "hop_length": .integer(160), "n_mels": .integer(135),
              "mel_scale": .string("slaney"), "norm": .string("slaney"), "pad_mode": .string("constant"),
            ]),
          try SpecPieces.step(.featureStep, "power_to_db", ["ref": .string("max")]),
        ])
      ])
    let both = try SpecPieces.step(.featureStep, "stack", ["features": .steps([SpecPieces.spectral(), mel])])
    let pipeline = try pipeline([both, try SpecPieces.step(.featureStep, "mean_over_time")])
    #expect(pipeline.features[0].shape.description == "[1, 162]")
    let values = pipeline.extract(pipeline.features, from: Tone.samples(count: 16000))
    #expect(values[0].count == 162)
    // Decibels below the maximum, at most 80.
    #expect(values[0][27...].allSatisfy { $0 <= 0 && $0 >= -80 })
  }

  @Test func shapesAreThoseOfTheValues() throws {
    for length in [try SpecPieces.fixed(1), try SpecPieces.batchLongest()] {
      let pipeline = try SpecPieces.report(length: length)
      for count in [1000, 16000, 16001, 16159, 16160] {
        let values = pipeline.extract(pipeline.features, from: Tone.samples(count: count))
        for (feature, values) in zip(pipeline.features, values) {
          #expect(values.count == feature.shape.sizes(samples: count).reduce(1, *), "\(feature.name) \(count)")
          #expect(values.allSatisfy { $0.isFinite })
        }
      }
    }
  }

  @Test func audioChainMakesOneChannelAtTheRate() throws {
    let pipeline = try SpecPieces.report(length: SpecPieces.fixed(1))
    let left = Tone.samples(count: 48000)
    let waveform = pipeline.prepare(Clip(channels: [left, left.map { $0 / 2 }], rate: 48000))
    #expect(waveform.count == 16000)
    #expect(abs(waveform.reduce(0, +) / 16000) < 1e-4)
    #expect(abs(waveform.reduce(0) { $0 + $1 * $1 } / 15999 - 1) < 1e-3)
  }

  @Test func monoCanPickAChannel() throws {
    for (mix, value) in [("mean", Float(2)), ("left", 1), ("right", 3)] {
      let pipeline = try FeaturePipeline(
        audio: [
          SpecPieces.step(.audioStep, "resample", ["rate": .integer(16000)]),
          SpecPieces.step(.audioStep, "mono", ["mix": .string(mix)]),
        ], length: SpecPieces.fixed(1), features: [])
      #expect(pipeline.prepare(Clip(channels: [[1, 1], [3, 3]], rate: 16000)) == [value, value])
    }
  }

  @Test func fitCutsTheEndOrAppendsZeros() throws {
    let pipeline = try SpecPieces.report(length: SpecPieces.fixed(1))
    #expect(pipeline.fit([1, 2, 3], to: 2) == [1, 2])
    #expect(pipeline.fit([1, 2, 3], to: 5) == [1, 2, 3, 0, 0])
  }

  @Test func openRateAndChannelsAreFoundTogether() throws {
    let found = findings {
      _ = try FeaturePipeline(
        audio: [SpecPieces.step(.audioStep, "z_score")], length: SpecPieces.fixed(3),
        features: [SpecPieces.feature("image", SpecPieces.image())])
    }
    #expect(found.map(\.id) == ["audio.rate_open", "audio.not_mono"])
    #expect(found.allSatisfy { $0.span?.file.name == "z_score" })
  }

  @Test func logarithmNeedsPower() throws {
    #expect(findings { _ = try pipeline([SpecPieces.step(.featureStep, "log")]) }.map(\.id) == ["feature.needs_matrix"])
    let twice = [try SpecPieces.step(.featureStep, "mel_spectrogram"), try SpecPieces.step(.featureStep, "log")]
    let found = findings { _ = try pipeline(twice + [SpecPieces.step(.featureStep, "power_to_db")]) }
    #expect(found.map(\.id) == ["feature.needs_power"])
    #expect(found.first?.span?.file.name == "power_to_db")
  }

  @Test func waveformFeaturesStandFirst() throws {
    let steps = [try SpecPieces.step(.featureStep, "rms"), try SpecPieces.step(.featureStep, "mfcc")]
    #expect(findings { _ = try pipeline(steps) }.map(\.id) == ["feature.needs_waveform"])
  }

  @Test func stackedFeaturesShareTheirFrames() throws {
    let members = [
      try SpecPieces.step(.featureStep, "rms"),
      try SpecPieces.step(.featureStep, "zero_crossing_rate", ["hop_length": .integer(160)]),
    ]
    let found = findings {
      _ = try pipeline([SpecPieces.step(.featureStep, "stack", ["features": .steps(members)])])
    }
    #expect(found.map(\.id) == ["feature.stack_mismatch"])
    #expect(found.first?.span?.file.name == "zero_crossing_rate")
    #expect(found.first?.notes.first?.span?.file.name == "rms")
  }

  @Test func timeAxisCanBeRemovedOnce() throws {
    let mean = try SpecPieces.step(.featureStep, "mean_over_time")
    let rms = try SpecPieces.step(.featureStep, "rms")
    #expect(findings { _ = try pipeline([rms, mean, mean]) }.map(\.id) == ["feature.needs_frames"])
    let resize = try SpecPieces.step(.featureStep, "resize", ["height": .integer(2), "width": .integer(2)])
    #expect(findings { _ = try pipeline([rms, mean, resize]) }.map(\.id) == ["feature.needs_frames"])
  }

  @Test func fieldsThatContradictEachOther() throws {
    let many = try SpecPieces.step(.featureStep, "mfcc", ["n_mfcc": .integer(20), "n_mels": .integer(10)])
    #expect(findings { _ = try pipeline([many]) }.map(\.id) == ["feature.too_many_coefficients"])
    let upside = try SpecPieces.step(.featureStep, "mel_spectrogram", ["f_min": .number(9000)])
    #expect(findings { _ = try pipeline([upside]) }.map(\.id) == ["feature.band_empty"])
  }

  @Test func emptyFeaturesAndErrorsOfAllFeaturesAtOnce() throws {
    let found = findings {
      _ = try FeaturePipeline(
        audio: SpecPieces.audio(), length: SpecPieces.fixed(3),
        features: [
          SpecPieces.feature("a", []), SpecPieces.feature("b", [SpecPieces.step(.featureStep, "min_max")]),
        ])
    }
    #expect(found.map(\.id) == ["feature.empty", "feature.needs_matrix"])
  }

  @Test func fixedLengthMustFillAMirroredFrame() throws {
    let found = findings { _ = try SpecPieces.report(length: SpecPieces.fixed(0.032)) }
    #expect(found.map(\.id) == ["length.too_short"])
    #expect(findings { _ = try SpecPieces.report(length: SpecPieces.fixed(0.033)) }.isEmpty)
  }

  private func pipeline(_ steps: [Step]) throws -> FeaturePipeline {
    try FeaturePipeline(
      audio: SpecPieces.audio(), length: SpecPieces.fixed(3), features: [SpecPieces.feature("feature", steps)])
  }
}
