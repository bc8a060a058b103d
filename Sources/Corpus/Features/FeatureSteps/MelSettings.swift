import Audio
import Diagnostics
import Spec

/// What makes a mel spectrogram, as steps that begin with one read it from their fields.
struct MelSettings: Sendable {
  let spectrogram: PowerSpectrogram
  let filters: BandedMatrix
  let bands: Int

  /// The fields, in which the range has the names `lowest` and `highest`.
  static func fields(lowest: String, highest: String) -> [Field] {
    [
      Field(
        "n_fft", .optional(.integer(min: 2, max: 1 << 20)), default: .value(.none),
        doc: "Samples a frame, weighted by a Hann window; ~ is 2048 in librosa, 400 in torchaudio."),
      Field(
        "hop_length", .optional(.integer(min: 1, max: 1 << 20)), default: .value(.none),
        doc: "Samples from one frame to the next; ~ is 512 in librosa, half of n_fft in torchaudio."),
      Field("n_mels", .integer(min: 1, max: 4096), default: .value(.integer(128)), doc: "Mel bands."),
      Field(lowest, .number(min: 0), default: .value(.number(0)), doc: "Where the lowest band begins, in Hz."),
      Field(
        highest, .optional(.number(min: 0, exclusiveMin: true)), default: .value(.none),
        doc: "Where the highest band ends, in Hz; ~ is half the sampling rate. Bands above half the rate stay empty."),
      Field(
        "mel_scale", .optional(.choice(MelFilterBank.Scale.allCases.map(\.rawValue))), default: .value(.none),
        doc: """
          The formula from Hz to mel: HTK's, or Slaney's, which is linear up to 1 kHz; ~ is slaney in librosa, htk in torchaudio.
          """),
      Field(
        "norm", .optional(.choice(["auto", "slaney"])), default: .value(.string("auto")),
        doc: """
          slaney divides each filter by half its width in Hz, ~ by nothing; auto is slaney in librosa, ~ in torchaudio.
          """),
      Field(
        "pad_mode", .optional(.choice(PowerSpectrogram.Padding.allCases.map(\.rawValue))), default: .value(.none),
        doc: """
          What stands beyond the ends of the clip: zeros (constant), or the clip mirrored (reflect); ~ is constant in librosa, \
          reflect in torchaudio.
          """),
    ]
  }

  /// Reads the fields for audio at `rate`; throws `feature.band_empty`.
  init(_ step: Step, _ dialect: Dialect, lowest: String, highest: String, rate: Int) throws {
    let values = step.values
    let isLibrosa = dialect == .librosa
    let length = values.optionalInteger("n_fft") ?? (isLibrosa ? 2048 : 400)
    spectrogram = PowerSpectrogram(
      length: length, hop: values.optionalInteger("hop_length") ?? (isLibrosa ? 512 : length / 2),
      padding: values.optionalString("pad_mode").flatMap(PowerSpectrogram.Padding.init)
        ?? (isLibrosa ? .constant : .reflect))
    let norm = values.optionalString("norm")
    let bank = MelFilterBank(
      sampleRate: rate, length: length, bands: values.integer("n_mels"), lowest: values.number(lowest),
      highest: values.optionalNumber(highest) ?? Double(rate) / 2,
      scale: values.optionalString("mel_scale").flatMap(MelFilterBank.Scale.init) ?? (isLibrosa ? .slaney : .htk),
      areaNormalized: norm == "slaney" || norm == "auto" && isLibrosa)
    try bank.check(lowest: lowest, highest: highest, at: step)
    filters = bank.matrix
    bands = bank.bands
  }

  var count: FrameCount { FrameCount(length: spectrogram.length, hop: spectrogram.hop) }

  /// [n_mels, T]
  func mel(_ analysis: WaveformAnalysis) -> TiledFrames { filters.multiply(analysis.power(spectrogram)) }
}

extension MelFilterBank {
  /// Throws `feature.band_empty` where the bands have no width, or begin above half the sampling rate. `lowest` and `highest` are the
  /// names of the fields.
  fileprivate func check(lowest lowestField: String, highest highestField: String, at step: Step) throws {
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
