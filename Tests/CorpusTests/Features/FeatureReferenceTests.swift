import Audio
import Corpus
import Testing

/// Features as a spec writes them, against librosa, torchaudio and SciPy: definition, names and defaults.
@Suite struct FeatureReferenceTests {
  static let fft = "n_fft: 512, hop_length: 160"
  static let mfcc = "mfcc: {n_mfcc: 13, \(fft)}"

  /// Fixture, steps, and the bound on the largest difference as a share of the range of all values.
  @Test(arguments: [
    ("centroid", "[spectral_centroid: {\(fft)}]", 1e-5),
    ("centroid_default", "[spectral_centroid]", 1e-5),
    ("bandwidth", "[spectral_bandwidth: {\(fft)}]", 1e-5),
    ("bandwidth_3", "[spectral_bandwidth: {\(fft), p: 3}]", 1e-5),
    ("rolloff", "[spectral_rolloff: {\(fft)}]", 1e-6),
    ("rolloff_30", "[spectral_rolloff: {\(fft), roll_percent: 0.3}]", 1e-6),
    ("flatness", "[spectral_flatness: {\(fft)}]", 1e-5),
    ("flatness_1", "[spectral_flatness: {\(fft), power: 1, amin: 1e-6}]", 1e-5),
    ("contrast", "[spectral_contrast: {\(fft)}]", 1e-4),
    ("contrast_default", "[spectral_contrast]", 1e-4),
    (
      "contrast_linear", "[spectral_contrast: {\(fft), fmin: 100, n_bands: 4, quantile: 0.1, linear: true}]", 1e-5
    ),
    ("mfcc_default", "[mfcc]", 1e-5),
    ("delta", "[\(mfcc), delta]", 1e-5),
    ("delta_2", "[\(mfcc), delta: {order: 2, width: 11}]", 1e-5),
    ("delta_nearest", "[\(mfcc), delta: {width: 5, mode: nearest}]", 1e-5),
    ("delta_mirror", "[\(mfcc), delta: {width: 5, mode: mirror}]", 1e-5),
    ("delta_constant", "[\(mfcc), delta: {width: 5, mode: constant}]", 1e-5),
    ("delta_wrap", "[\(mfcc), delta: {width: 5, mode: wrap}]", 1e-5),
    ("mfcc_deltas", "[\(mfcc), stack: [identity, delta, delta: {order: 2}]]", 1e-5),
    ("mel_librosa", "[mel_spectrogram: {dialect: librosa}]", 1e-5),
    (
      "mel_librosa_40",
      "[mel_spectrogram: {dialect: librosa, \(fft), n_mels: 40, norm: ~, f_min: 100, f_max: 6000}]", 1e-5
    ),
    ("mel_torchaudio", "[mel_spectrogram]", 1e-5),
    ("log_mel", "[log_mel]", 1e-5),
    ("log_mel", "[mel_spectrogram: {dialect: librosa}, power_to_db]", 1e-5),
    ("log_mel_max", "[log_mel: {\(fft), n_mels: 40, ref: max, amin: 1e-8, top_db: 60}]", 1e-5),
    ("log_mel_ln", "[log_mel: {\(fft), n_mels: 40, unit: ln, top_db: ~}]", 1e-5),
    ("log_mel_torchaudio", "[log_mel: {dialect: torchaudio, \(fft), n_mels: 40}]", 1e-4),
    (
      "log_mel_torchaudio", "[mel_spectrogram: {\(fft), n_mels: 40}, power_to_db: {dialect: torchaudio}]", 1e-4
    ),
    ("mfcc_torchaudio", "[mfcc: {dialect: torchaudio}]", 1e-4),
    ("mfcc_torchaudio_13", "[mfcc: {dialect: torchaudio, n_mfcc: 13, n_fft: 512, n_mels: 40}]", 1e-4),
    ("rms_db", "[rms: {frame_length: 512, hop_length: 160}, amplitude_to_db]", 1e-5),
    (
      "rms_db_max",
      "[rms: {frame_length: 512, hop_length: 160}, amplitude_to_db: {ref: max, amin: 1e-3, top_db: ~}]", 1e-5
    ),
    (
      "statistics",
      """
      [\(mfcc), statistics: {of: [mean, std, min, max, median, skewness, kurtosis], percentiles: [5, 62.5]}]
      """, 1e-5
    ),
    ("z_score", "[\(mfcc), z_score]", 1e-5),
    ("z_score_row", "[\(mfcc), z_score: {over: row}]", 1e-5),
  ])
  func valuesAreThoseOfTheReference(name: String, steps: String, bound: Double) throws {
    let values = try extract(steps)
    let expected = try SoundSpec.reference(name)
    try #require(values.count == expected.count)
    let range = (expected.max() ?? 0) - (expected.min() ?? 0)
    let difference = zip(values, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(Double(difference / range) < bound, "\(difference) of \(range)")
  }

  /// Where there is a voice. In the digital silence, both give the highest pitch or noise.
  @Test(arguments: [
    ("yin", "[yin: {fmin: 65, fmax: 500, frame_length: 1024, hop_length: 160}]"),
    ("yin_default", "[yin: {fmin: 65, fmax: 500}]"),
    ("yin_threshold", "[yin: {fmin: 65, fmax: 500, frame_length: 1024, trough_threshold: 0.3}]"),
  ])
  func pitchIsThatOfTheReference(name: String, steps: String) throws {
    let values = try extract(steps)
    let expected = try SoundSpec.reference(name)
    try #require(values.count == expected.count)
    // The voice glides between 90 and 210 Hz.
    let voiced = expected.indices.filter { 80...220 ~= expected[$0] }
    #expect(voiced.count > expected.count / 2)
    #expect(voiced.allSatisfy { abs(values[$0] / expected[$0] - 1) < 1e-3 })
    #expect(zip(values, expected).filter { abs($0 / $1 - 1) > 1e-2 }.count <= expected.count / 20)
  }

  @Test func shapesOfStatistics() throws {
    let pipeline = try SoundSpec.pipeline(steps: "[mfcc: {n_mfcc: 13}, statistics: {percentiles: [25, 75]}]")
    #expect(pipeline.features[0].shape.description == "[1, 52]")
  }

  @Test(arguments: [
    ("[mfcc, delta: {width: 8}]", "feature.delta_window"),
    ("[mfcc, delta: {width: 3, order: 3}]", "feature.delta_window"),
    ("[mfcc, mean_over_time, delta]", "feature.needs_frames"),
    ("[mfcc, mean_over_time, statistics]", "feature.needs_frames"),
    ("[mfcc, statistics: {of: []}]", "feature.empty"),
    ("[yin: {fmin: 500, fmax: 65}]", "feature.pitch_range"),
    ("[yin: {fmin: 65, fmax: 9000}]", "feature.pitch_range"),
    ("[yin: {fmin: 65, fmax: 500, frame_length: 128}]", "feature.pitch_range"),
    ("[spectral_contrast: {n_bands: 8}]", "feature.band_empty"),
    ("[spectral_contrast: {n_fft: 16}]", "feature.band_empty"),
    ("[log_mel, log]", "feature.needs_power"),
    ("[z_score]", "feature.needs_matrix"),
    ("[mfcc: {dialect: torchaudio, n_mels: 30}]", "feature.too_many_coefficients"),
  ])
  func misuseIsNamed(steps: String, id: String) {
    #expect(findings { _ = try SoundSpec.pipeline(steps: steps) }.map(\.id) == [id])
  }

  @Test func windowsNeedSoManyFrames() throws {
    let pipeline = try SoundSpec.pipeline(steps: "[\(Self.mfcc), delta]")
    #expect(pipeline.minimumSamples == 8 * 160 + 1)
    let short = findings {
      _ = try SoundSpec.pipeline(length: "{policy: fixed, seconds: 0.05}", steps: "[\(Self.mfcc), delta]")
    }
    #expect(short.map(\.id) == ["length.too_short"])
  }

  /// What is kept of a clip and finished for a batch has the bits of the padded waveform.
  @Test(arguments: [
    "[\(mfcc), stack: [identity, delta, delta: {order: 2}]]", "[\(mfcc), delta: {mode: wrap}]",
    "[\(mfcc), delta: {mode: mirror, width: 5}, z_score]", "[yin: {fmin: 65, fmax: 500, frame_length: 512}]",
    "[stack: [spectral_contrast: {\(fft)}, spectral_centroid: {\(fft)}, spectral_flatness: {\(fft)}]]",
    "[stack: [spectral_bandwidth: {\(fft)}, spectral_rolloff: {\(fft)}], statistics]",
    "[log_mel: {\(fft)}, delta: {mode: nearest}]",
  ])
  func paddedInABatchAsByItself(steps: String) throws {
    let pipeline = try SoundSpec.pipeline(steps: steps)
    for extra in [0, 1, 159, 160, 700, 1500, 1999, 2000, 2400, 5000] {
      let sources = [Tone.source(count: 9001), Tone.source(count: 9001 + extra, pitch: 333)]
      let store = try FeatureStore(sources, pipeline: pipeline, features: ["example"], threads: 1)
      let waveform = pipeline.fit(pipeline.prepare(try sources[0].load()), to: 9001 + extra)
      let expected = pipeline.extract(pipeline.features, from: waveform)[0]
      let found = try store.batch(of: [0, 1]).values[0]
      #expect(Array(found.prefix(expected.count)) == expected, "\(extra)")
    }
  }

  @Test(arguments: [
    "[spectral_contrast]", "[spectral_flatness]", "[spectral_bandwidth]", "[yin: {fmin: 65, fmax: 500}]", "[log_mel]",
    "[mfcc, delta: {mode: nearest}, statistics: {of: [skewness, kurtosis]}]", "[mfcc, z_score: {over: row}]",
  ])
  func silenceHasFiniteValues(steps: String) throws {
    let pipeline = try SoundSpec.pipeline(steps: steps)
    let values = pipeline.extract(pipeline.features, from: [Float](repeating: 0, count: 5000))[0]
    #expect(!values.isEmpty && values.allSatisfy { $0.isFinite })
  }

  private func extract(_ steps: String) throws -> [Float] {
    let pipeline = try SoundSpec.pipeline(steps: steps)
    let clip = try AudioDecoder.decode(path: SoundSpec.voicePath)
    return pipeline.extract(pipeline.features, from: clip.channels[0])[0]
  }
}
