import Audio
import Diagnostics
import Spec

/// A feature of the magnitudes of a spectrogram with librosa's fields n_fft and hop_length.
protocol MagnitudeFeature: WaveformFeature {
  var spectrogram: PowerSpectrogram { get }

  func extract(from magnitudes: FeatureMatrix) -> FeatureMatrix
}

extension MagnitudeFeature {
  var frameLength: Int { spectrogram.length }
  var hop: Int { spectrogram.hop }
  var minimumSamples: Int { spectrogram.minimumSamples }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix { extract(from: analysis.magnitude(spectrogram)) }

  /// The spectrogram that the fields of `step` say: zeros beyond the ends.
  static func spectrogram(_ step: Step, input: FeatureType) throws -> PowerSpectrogram {
    try requireWaveform(input, at: step)
    return PowerSpectrogram(
      length: step.values.integer("n_fft"), hop: step.values.integer("hop_length"), padding: .constant)
  }

  /// [rows, T] of values that are not negative.
  static func frames(_ rows: Int, _ spectrogram: PowerSpectrogram, isPower: Bool = true) -> FeatureType {
    .frames(rows: rows, FrameCount(length: spectrogram.length, hop: spectrogram.hop), isPower: isPower)
  }
}

/// `spectral_centroid`: where the spectrum lies.
struct SpectralCentroid: MagnitudeFeature {
  static let kind = Kind(
    "spectral_centroid", summary: "The mean frequency of each frame in Hz, weighted by magnitude, as in librosa.",
    formula: """
      y[t] = sum over f of f S[f, t] / sum over f of S[f, t], S = |STFT|; 0 where a frame is silent. waveform -> [1, T],
      T = samples / hop_length + 1. Zeros beyond the ends.
      """,
    example: "- spectral_centroid: {n_fft: 512, hop_length: 160}",
    table: FieldTable([FrameFields.fftLength, FrameFields.hopLength]))

  let spectrogram: PowerSpectrogram
  private let shape: SpectralShape
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    spectrogram = try Self.spectrogram(step, input: input)
    shape = SpectralShape(sampleRate: rate, length: spectrogram.length)
    output = Self.frames(1, spectrogram)
  }

  func extract(from magnitudes: FeatureMatrix) -> FeatureMatrix { shape.centroid(magnitudes) }
}

/// `spectral_bandwidth`: how wide the spectrum is.
struct SpectralBandwidth: MagnitudeFeature {
  static let kind = Kind(
    "spectral_bandwidth", summary: "The spread of each frame's spectrum around its centroid in Hz, as in librosa.",
    formula: """
      y[t] = (sum over f of S[f, t] |f - centroid[t]|^p / sum over f of S[f, t])^(1/p), S = |STFT|; 0 where a frame is silent.
      waveform -> [1, T], T = samples / hop_length + 1. Zeros beyond the ends.
      """,
    example: "- spectral_bandwidth: {n_fft: 512, hop_length: 160}",
    table: FieldTable([
      FrameFields.fftLength, FrameFields.hopLength,
      Field(
        "p", .number(min: 0.1, max: 100), default: .value(.number(2)),
        doc: "The power of the distances: 2 is the standard deviation of frequency, 1 the mean deviation."),
    ]))

  let spectrogram: PowerSpectrogram
  private let shape: SpectralShape
  private let power: Double
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    spectrogram = try Self.spectrogram(step, input: input)
    shape = SpectralShape(sampleRate: rate, length: spectrogram.length)
    power = step.values.number("p")
    output = Self.frames(1, spectrogram)
  }

  func extract(from magnitudes: FeatureMatrix) -> FeatureMatrix { shape.bandwidth(magnitudes, power: power) }
}

/// `spectral_rolloff`: below which most of the spectrum lies.
struct SpectralRolloff: MagnitudeFeature {
  static let kind = Kind(
    "spectral_rolloff",
    summary: "The frequency in Hz below which a share of each frame's magnitudes lies, as in librosa.",
    formula: """
      y[t] = the lowest f with sum of S[0...f, t] >= roll_percent times the sum of S[f, t] over all f, S = |STFT|; 0 where a frame is
      silent. waveform -> [1, T], T = samples / hop_length + 1. Zeros beyond the ends.
      """,
    example: "- spectral_rolloff: {n_fft: 512, hop_length: 160}",
    table: FieldTable([
      FrameFields.fftLength, FrameFields.hopLength,
      Field(
        "roll_percent", .number(min: 0, max: 1, exclusiveMin: true), default: .value(.number(0.85)),
        doc: "The share, from 0 to 1."),
    ]))

  let spectrogram: PowerSpectrogram
  private let shape: SpectralShape
  private let share: Double
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    spectrogram = try Self.spectrogram(step, input: input)
    shape = SpectralShape(sampleRate: rate, length: spectrogram.length)
    share = step.values.number("roll_percent")
    output = Self.frames(1, spectrogram)
  }

  func extract(from magnitudes: FeatureMatrix) -> FeatureMatrix { shape.rolloff(magnitudes, share: share) }
}

/// `spectral_flatness`: how like noise the spectrum is.
struct SpectralFlatness: MagnitudeFeature {
  static let kind = Kind(
    "spectral_flatness", summary: "How like white noise each frame's spectrum is, from 0 (a tone) to 1, as in librosa.",
    formula: """
      y[t] = geometric mean over f of P[f, t] / arithmetic mean of P[f, t], P = max(amin, |STFT|^power). waveform -> [1, T],
      T = samples / hop_length + 1. Zeros beyond the ends.
      """,
    example: "- spectral_flatness: {n_fft: 512, hop_length: 160}",
    table: FieldTable([
      FrameFields.fftLength, FrameFields.hopLength,
      Field("amin", .number(min: 1e-37), default: .value(.number(1e-10)), doc: "Values below this count as this."),
      Field(
        "power", .number(min: 0.1, max: 100), default: .value(.number(2)),
        doc: "2 for power, 1 for magnitude."),
    ]))

  let spectrogram: PowerSpectrogram
  private let shape: SpectralShape
  private let floor: Double
  private let power: Double
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    spectrogram = try Self.spectrogram(step, input: input)
    shape = SpectralShape(sampleRate: rate, length: spectrogram.length)
    (floor, power) = (step.values.number("amin"), step.values.number("power"))
    output = Self.frames(1, spectrogram)
  }

  func extract(from magnitudes: FeatureMatrix) -> FeatureMatrix {
    shape.flatness(magnitudes, floor: floor, power: power)
  }
}

/// `spectral_contrast`: how far peaks stand out.
struct SpectralContrastStep: MagnitudeFeature {
  static let kind = Kind(
    "spectral_contrast", summary: "How far peaks stand out of valleys in octave bands, as in librosa.",
    formula: """
      y[k, t] = power_to_db(peak) - power_to_db(valley), the means of the largest and of the smallest magnitudes |STFT| of band k, a share
      `quantile` of its bins each. Band 0 is 0 to fmin, band k the octave from fmin 2^(k-1), the last one has all above.
      waveform -> [n_bands + 1, T], T = samples / hop_length + 1. Zeros beyond the ends.
      """,
    example: "- spectral_contrast: {n_fft: 1024, hop_length: 160}",
    table: FieldTable([
      FrameFields.fftLength, FrameFields.hopLength,
      Field(
        "fmin", .number(min: 0, exclusiveMin: true), default: .value(.number(200)),
        doc: "Where the first octave begins, in Hz."),
      Field("n_bands", .integer(min: 1, max: 24), default: .value(.integer(6)), doc: "Octaves."),
      Field(
        "quantile", .number(min: 0, max: 1, exclusiveMin: true), default: .value(.number(0.02)),
        doc: "The share of a band's bins that makes its peak, and its valley; one bin at least."),
      Field(
        "linear", .boolean, default: .value(.boolean(false)),
        doc: "Differences of magnitudes instead of decibels."),
    ]))

  let spectrogram: PowerSpectrogram
  private let contrast: SpectralContrast
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    spectrogram = try Self.spectrogram(step, input: input)
    let values = step.values
    guard
      let contrast = SpectralContrast(
        sampleRate: rate, length: spectrogram.length, lowest: values.number("fmin"), bands: values.integer("n_bands"),
        quantile: values.number("quantile"), isLinear: values.boolean("linear"))
    else {
      throw DiagnosticFailure([
        Diagnostic(
          "feature.band_empty", .error,
          "spectral_contrast has a band without bins: \(values.integer("n_bands")) octaves from \(values.number("fmin")) Hz",
          detail: """
            The highest octave must begin below half the sampling rate (\(Double(rate) / 2) Hz), and each band must hold two of the \
            \(spectrogram.length / 2 + 1) bins. Lower n_bands or fmin, or raise n_fft.
            """, at: step.span)
      ])
    }
    self.contrast = contrast
    output = Self.frames(contrast.bands + 1, spectrogram, isPower: false)
  }

  func extract(from magnitudes: FeatureMatrix) -> FeatureMatrix { contrast(magnitudes) }
}
