import Audio
import Spec

/// `pre_emphasis`: lifts high frequencies.
struct PreEmphasis: AudioStep {
  static let kind = Kind(
    "pre_emphasis", summary: "Lifts high frequencies by a first difference, as librosa.effects.preemphasis does.",
    formula:
      "y[i] = x[i] - coef x[i-1]; y[0] = 3 x[0] - x[1], as if the first two samples' line went on to the left. The shape stays.",
    example: "audio: [resample: 16000, mono, pre_emphasis: {coef: 0.97}]",
    table: FieldTable(
      [
        Field(
          "coef", .number(min: -1, max: 1), default: .value(.number(0.97)),
          doc: "The share of the sample before that is taken away: 0 changes nothing but the first sample.")
      ], primary: "coef"))

  private let coefficient: Double

  init(_ step: Step) { coefficient = step.values.number("coef") }

  func output(of format: SignalFormat) -> SignalFormat { format }

  func apply(to clip: inout Clip) {
    for channel in clip.channels.indices {
      clip.channels[channel] = Levels.preEmphasis(clip.channels[channel], coefficient: coefficient)
    }
  }
}
