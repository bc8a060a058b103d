import Audio
import Spec

/// `mel_spectrogram`: power in mel bands.
struct MelSpectrogram: WaveformFeature {
  static let kind = Kind(
    "mel_spectrogram",
    summary:
      "Power in mel bands over time; fields are torchaudio's, and so are defaults unless `dialect` says librosa.",
    formula: """
      M[m, t] = sum over f of W[m, f] |STFT[f, t]|^2 with triangular filters W, equally spaced in mel from f_min to f_max.
      waveform -> [n_mels, T], T = samples / hop_length + 1.
      """,
    example: "- mel_spectrogram: {n_fft: 1024, hop_length: 256, n_mels: 64}",
    table: FieldTable(
      MelSettings.fields(lowest: "f_min", highest: "f_max") + [
        Dialect.field(standard: .torchaudio, "librosa: librosa.feature.melspectrogram.")
      ]))

  private let settings: MelSettings
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireWaveform(input, at: step)
    settings = try MelSettings(step, Dialect(step.values), lowest: "f_min", highest: "f_max", rate: rate)
    output = .frames(rows: settings.bands, settings.count, isPower: true)
  }

  var frameLength: Int { settings.spectrogram.length }
  var hop: Int { settings.spectrogram.hop }
  var minimumSamples: Int { settings.spectrogram.minimumSamples }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix { settings.mel(analysis).matrix }
}
