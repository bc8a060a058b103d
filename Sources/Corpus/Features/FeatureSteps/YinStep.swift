import Audio
import Diagnostics
import Spec

/// `yin`: pitch.
struct YinStep: WaveformFeature {
  static let kind = Kind(
    "yin", summary: "The fundamental frequency of each frame in Hz by YIN, as in librosa.",
    formula: """
      y[t] = rate / period, the period being the first trough of the cumulative mean normalised difference function below trough_threshold,
      else its smallest value (de Cheveigne, Kawahara 2002). Every frame has a value; without voice it means nothing.
      waveform -> [1, T], T = samples / hop_length + 1. Zeros beyond the ends.
      """,
    example: "- yin: {fmin: 65, fmax: 500, frame_length: 1024, hop_length: 160}",
    table: FieldTable([
      Field("fmin", .number(min: 0, exclusiveMin: true), doc: "The lowest pitch, in Hz."),
      Field(
        "fmax", .number(min: 0, exclusiveMin: true), doc: "The highest pitch, in Hz: at most half the sampling rate."),
      Field(
        "frame_length", .integer(min: 4, max: 1 << 20), default: .value(.integer(2048)),
        doc: "Samples a frame: more than a period of fmin, better two."),
      Field(
        "hop_length", .optional(.integer(min: 1, max: 1 << 20)), default: .value(.none),
        doc: "Samples from one frame to the next; ~ is a quarter of frame_length."),
      Field(
        "trough_threshold", .number(min: 0), default: .value(.number(0.1)),
        doc: "How deep the first trough must be."),
    ]))

  private let yin: Yin
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireWaveform(input, at: step)
    let values = step.values
    let (lowest, highest, length) = (values.number("fmin"), values.number("fmax"), values.integer("frame_length"))
    let problem: (String, String)? =
      if lowest >= highest {
        ("fmin (\(lowest) Hz) is not below fmax (\(highest) Hz)", "Exchange them, or widen the range.")
      } else if highest > Double(rate) / 2 {
        ("fmax is \(highest) Hz, above half the sampling rate", "At most \(Double(rate) / 2) Hz is possible here.")
      } else if Double(rate) / lowest >= Double(length - 1) {
        (
          "a frame of \(length) samples holds no period of fmin (\(lowest) Hz)",
          "Use frame_length: \(Int((Double(rate) / lowest).rounded(.up)) + 2) or more, or a higher fmin."
        )
      } else {
        nil
      }
    if let (summary, detail) = problem {
      throw DiagnosticFailure([
        Diagnostic("feature.pitch_range", .error, "yin: \(summary)", detail: detail, at: step.span)
      ])
    }
    yin = Yin(
      sampleRate: rate, lowest: lowest, highest: highest, length: length,
      hop: values.optionalInteger("hop_length") ?? length / 4, threshold: values.number("trough_threshold"))
    output = .frames(rows: 1, FrameCount(length: length, hop: yin.hop), isPower: true)
  }

  var frameLength: Int { yin.length }
  var hop: Int { yin.hop }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix { yin(analysis.samples) }
}
