import Audio
import Spec

/// `chroma_stft`: the energy of each pitch class.
struct ChromaSTFT: WaveformFeature {
  static let kind = Kind(
    "chroma_stft", summary: "The energy of each pitch class, largest 1 in every frame, as in librosa.",
    formula: """
      C[c, t] = sum over f of W[c, f] |STFT[f, t]|^2, divided by its largest value over c; zero where a frame is silent.
      W: Gaussians around the pitch classes (Ellis 2007), tuned to the recording. waveform -> [n_chroma, T],
      T = samples / hop_length + 1. Zeros beyond the ends.
      """,
    example: "- chroma_stft: {n_fft: 512, hop_length: 160}",
    table: FieldTable([
      FrameFields.fftLength, FrameFields.hopLength,
      Field(
        "n_chroma", .integer(min: 1, max: 120), default: .value(.integer(12)), doc: "Pitch classes an octave."),
      Field(
        "tuning", .optional(.number(min: -0.5, max: 0.5)), default: .value(.none),
        doc: "Deviation from A = 440 Hz in fractions of a pitch class; ~ estimates it from each clip."),
    ]))

  private let spectrogram: PowerSpectrogram
  private let chroma: Chroma
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireWaveform(input, at: step)
    let values = step.values
    spectrogram = PowerSpectrogram(
      length: values.integer("n_fft"), hop: values.integer("hop_length"), padding: .constant)
    chroma = Chroma(
      sampleRate: rate, length: spectrogram.length, classes: values.integer("n_chroma"),
      tuning: values.optionalNumber("tuning"))
    output = .frames(
      rows: chroma.classes, FrameCount(length: spectrogram.length, hop: spectrogram.hop), isPower: true)
  }

  var frameLength: Int { spectrogram.length }
  var hop: Int { spectrogram.hop }
  var minimumSamples: Int { spectrogram.minimumSamples }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix { chroma(analysis.power(spectrogram)) }
}
