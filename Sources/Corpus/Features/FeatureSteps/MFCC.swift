import Audio
import Diagnostics
import Spec

/// `mfcc`: mel-frequency cepstral coefficients.
struct MFCC: WaveformFeature {
  static let kind = Kind(
    "mfcc", summary: "Mel-frequency cepstral coefficients, as in librosa.",
    formula: """
      The orthonormal DCT-II over the bands of power_to_db(mel), of which the first n_mfcc are kept; mel: |STFT|^2 in n_mels
      Slaney bands from fmin to fmax; decibels re 1, amin 1e-10, top_db 80. waveform -> [n_mfcc, T], T = samples / hop_length + 1.
      Zeros beyond the ends.
      """,
    example: "- mfcc: {n_mfcc: 13, n_fft: 512, hop_length: 160}",
    table: FieldTable([
      Field("n_mfcc", .integer(min: 1, max: 4096), default: .value(.integer(20)), doc: "Coefficients to keep."),
      FrameFields.fftLength, FrameFields.hopLength,
      Field("n_mels", .integer(min: 1, max: 4096), default: .value(.integer(128)), doc: "Mel bands."),
      Field("fmin", .number(min: 0), default: .value(.number(0)), doc: "Where the lowest band begins, in Hz."),
      Field(
        "fmax", .optional(.number(min: 0, exclusiveMin: true)), default: .value(.none),
        doc: "Where the highest band ends, in Hz; ~ is half the sampling rate."),
    ]))

  private let spectrogram: PowerSpectrogram
  private let filters: BandedMatrix
  private let transform: BandedMatrix
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireWaveform(input, at: step)
    let values = step.values
    spectrogram = PowerSpectrogram(
      length: values.integer("n_fft"), hop: values.integer("hop_length"), padding: .constant)
    let bank = MelFilterBank(
      sampleRate: rate, length: spectrogram.length, bands: values.integer("n_mels"), lowest: values.number("fmin"),
      highest: values.optionalNumber("fmax") ?? Double(rate) / 2, scale: .slaney, areaNormalized: true)
    try bank.check(lowest: "fmin", highest: "fmax", at: step)
    filters = bank.matrix
    let coefficients = values.integer("n_mfcc")
    guard coefficients <= bank.bands else {
      throw DiagnosticFailure([
        Diagnostic(
          "feature.too_many_coefficients", .error, "n_mfcc is \(coefficients), but there are \(bank.bands) mel bands",
          detail: "A cosine transform of \(bank.bands) values has no more coefficients. Lower n_mfcc or raise n_mels.",
          at: values["n_mfcc"].span)
      ])
    }
    transform = Decibels.cosineTransform(coefficients: coefficients, of: bank.bands)
    output = .frames(
      rows: coefficients, FrameCount(length: spectrogram.length, hop: spectrogram.hop), isPower: false)
  }

  var frameLength: Int { spectrogram.length }
  var hop: Int { spectrogram.hop }
  var minimumSamples: Int { spectrogram.minimumSamples }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix {
    var mel = filters.multiply(analysis.power(spectrogram))
    Decibels.power(&mel.values, reference: .value(1), floor: 1e-10, topDecibels: 80)
    return transform.multiply(mel)
  }
}
