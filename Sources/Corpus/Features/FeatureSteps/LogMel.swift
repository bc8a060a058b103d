import Audio
import Foundation
import Spec

/// `log_mel`: the logarithm of power in mel bands.
struct LogMel: WaveformFeature {
  static let kind = Kind(
    "log_mel",
    summary:
      "A mel spectrogram in decibels or natural logarithms; defaults are librosa's unless `dialect` says torchaudio.",
    formula: """
      y = 10 log10(max(M, amin)) - 10 log10(max(ref, amin)), but at least the largest y of the clip - top_db, with M as of mel_spectrogram;
      for unit ln the same times ln(10) / 10. waveform -> [n_mels, T], T = samples / hop_length + 1.
      """,
    example: "- log_mel: {n_fft: 1024, hop_length: 256, n_mels: 64}",
    table: FieldTable(
      MelSettings.fields(lowest: "fmin", highest: "fmax") + [
        Field(
          "unit", .choice(["db", "ln"]), default: .value(.string("db")),
          doc: "Decibels, or natural logarithms of the same values."),
        PowerToDecibels.reference, PowerToDecibels.floor, Dialect.topDecibelsField,
        Dialect.field(
          standard: .librosa,
          "librosa: power_to_db(melspectrogram(y)). torchaudio: AmplitudeToDB()(MelSpectrogram()(y))."),
      ]))

  private let settings: MelSettings
  private let decibels: PowerToDecibels.Settings
  private let isNatural: Bool
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireWaveform(input, at: step)
    let dialect = Dialect(step.values)
    settings = try MelSettings(step, dialect, lowest: "fmin", highest: "fmax", rate: rate)
    decibels = PowerToDecibels.Settings(step.values, dialect)
    isNatural = step.values.string("unit") == "ln"
    output = .frames(rows: settings.bands, settings.count, isPower: false)
  }

  var frameLength: Int { settings.spectrogram.length }
  var hop: Int { settings.spectrogram.hop }
  var minimumSamples: Int { settings.spectrogram.minimumSamples }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix {
    var mel = settings.mel(analysis).matrix
    decibels.apply(to: &mel)
    if isNatural {
      let factor = Float(log(10.0) / 10)
      for index in mel.values.indices { mel.values[index] *= factor }
    }
    return mel
  }
}
