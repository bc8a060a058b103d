import Audio
import Diagnostics
import Spec

/// `mel_spectrogram`: power in mel bands.
struct MelSpectrogram: WaveformFeature {
  static let kind = Kind(
    "mel_spectrogram", summary: "Power in mel bands over time; fields and defaults are torchaudio's.",
    formula: """
      M[m, t] = sum over f of W[m, f] |STFT[f, t]|^2 with triangular filters W, equally spaced in mel from f_min to f_max.
      waveform -> [n_mels, T], T = samples / hop_length + 1. librosa's melspectrogram is {n_fft: 2048, hop_length: 512,
      mel_scale: slaney, norm: slaney, pad_mode: constant}.
      """,
    example: "- mel_spectrogram: {n_fft: 1024, hop_length: 256, n_mels: 64}",
    table: FieldTable([
      Field(
        "n_fft", .integer(min: 2, max: 1 << 20), default: .value(.integer(400)),
        doc: "Samples a frame, weighted by a Hann window."),
      Field(
        "hop_length", .optional(.integer(min: 1, max: 1 << 20)), default: .value(.none),
        doc: "Samples from one frame to the next; ~ is half of n_fft."),
      Field("n_mels", .integer(min: 1, max: 4096), default: .value(.integer(128)), doc: "Mel bands."),
      Field("f_min", .number(min: 0), default: .value(.number(0)), doc: "Where the lowest band begins, in Hz."),
      Field(
        "f_max", .optional(.number(min: 0, exclusiveMin: true)), default: .value(.none),
        doc: "Where the highest band ends, in Hz; ~ is half the sampling rate. Bands above half the rate stay empty."),
      Field(
        "mel_scale", .choice(MelFilterBank.Scale.allCases.map(\.rawValue)), default: .value(.string("htk")),
        doc: "The formula from Hz to mel: HTK's, or Slaney's, which is linear up to 1 kHz."),
      Field(
        "norm", .optional(.choice(["slaney"])), default: .value(.none),
        doc: "`slaney` divides each filter by half its width in Hz."),
      Field(
        "pad_mode", .choice(PowerSpectrogram.Padding.allCases.map(\.rawValue)), default: .value(.string("reflect")),
        doc: "What stands beyond the ends of the clip: zeros (constant), or the clip mirrored (reflect)."),
    ]))

  private let spectrogram: PowerSpectrogram
  private let filters: BandedMatrix
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireWaveform(input, at: step)
    let values = step.values
    let length = values.integer("n_fft")
    spectrogram = PowerSpectrogram(
      length: length, hop: values.optionalInteger("hop_length") ?? length / 2,
      padding: PowerSpectrogram.Padding(rawValue: values.string("pad_mode")) ?? .reflect)
    let bank = MelFilterBank(
      sampleRate: rate, length: length, bands: values.integer("n_mels"), lowest: values.number("f_min"),
      highest: values.optionalNumber("f_max") ?? Double(rate) / 2,
      scale: MelFilterBank.Scale(rawValue: values.string("mel_scale")) ?? .htk,
      areaNormalized: values.optionalString("norm") != nil)
    try bank.check(lowest: "f_min", highest: "f_max", at: step)
    filters = bank.matrix
    output = .frames(rows: bank.bands, FrameCount(length: length, hop: spectrogram.hop), isPower: true)
  }

  var frameLength: Int { spectrogram.length }
  var hop: Int { spectrogram.hop }
  var minimumSamples: Int { spectrogram.minimumSamples }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix { filters.multiply(analysis.power(spectrogram)) }
}

extension MelFilterBank {
  /// Throws `feature.band_empty` where the bands have no width, or begin above half the sampling rate. `lowest` and `highest` are the
  /// names of the fields.
  func check(lowest lowestField: String, highest highestField: String, at step: Step) throws {
    guard lowest >= min(highest, Double(sampleRate) / 2) else { return }
    throw DiagnosticFailure([
      Diagnostic(
        "feature.band_empty", .error, "the mel bands are empty: they begin at \(lowest) Hz",
        detail: """
          \(lowestField) (\(lowest) Hz) must lie below \(highestField) (\(highest) Hz) and below half the sampling rate \
          (\(Double(sampleRate) / 2) Hz).
          """, at: step.span)
    ])
  }
}
