import Audio
import Diagnostics
import Spec

/// `mfcc`: mel-frequency cepstral coefficients.
struct MFCC: WaveformFeature {
  static let kind = Kind(
    "mfcc", summary: "Mel-frequency cepstral coefficients, as in librosa; with `dialect: torchaudio` as in torchaudio.",
    formula: """
      The orthonormal DCT-II over the bands of power_to_db(mel), of which the first n_mfcc are kept; mel: |STFT|^2 in n_mels
      mel bands from fmin to fmax; decibels re 1, amin 1e-10, top_db 80. waveform -> [n_mfcc, T], T = samples / hop_length + 1.
      """,
    example: "- mfcc: {n_mfcc: 13, n_fft: 512, hop_length: 160}",
    table: FieldTable(
      [
        Field(
          "n_mfcc", .optional(.integer(min: 1, max: 4096)), default: .value(.none),
          doc: "Coefficients to keep; ~ is 20 in librosa, 40 in torchaudio.")
      ] + MelSettings.fields(lowest: "fmin", highest: "fmax") + [
        Dialect.field(standard: .librosa, "torchaudio: torchaudio.transforms.MFCC.")
      ]))

  private let settings: MelSettings
  private let transform: BandedMatrix
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireWaveform(input, at: step)
    let dialect = Dialect(step.values)
    settings = try MelSettings(step, dialect, lowest: "fmin", highest: "fmax", rate: rate)
    let coefficients = step.values.optionalInteger("n_mfcc") ?? (dialect == .librosa ? 20 : 40)
    guard coefficients <= settings.bands else {
      throw DiagnosticFailure([
        Diagnostic(
          "feature.too_many_coefficients", .error,
          "n_mfcc is \(coefficients), but there are \(settings.bands) mel bands",
          detail:
            "A cosine transform of \(settings.bands) values has no more coefficients. Lower n_mfcc or raise n_mels.",
          at: step.values["n_mfcc"].span == .standard ? step.span : step.values["n_mfcc"].span)
      ])
    }
    transform = Decibels.cosineTransform(coefficients: coefficients, of: settings.bands)
    output = .frames(rows: coefficients, settings.count, isPower: false)
  }

  var frameLength: Int { settings.spectrogram.length }
  var hop: Int { settings.spectrogram.hop }
  var minimumSamples: Int { settings.spectrogram.minimumSamples }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix {
    var mel = settings.mel(analysis)
    Decibels.power(&mel, reference: .value(1), floor: 1e-10, topDecibels: 80)
    return transform.multiply(mel).matrix
  }
}
