import Audio
import Spec

/// `time_stretch`: another speed at the same pitch.
struct TimeStretchStep: WaveformAugmentation {
  static let kind = Kind(
    "time_stretch", summary: "Changes the speed and keeps the pitch, as librosa.effects.time_stretch does.",
    formula: """
      A phase vocoder with frames of 2048 samples, 512 apart: n -> round(n / rate) samples. The length policy comes behind it.
      """,
    example: "augment: [time_stretch: {rate: [0.8, 1.25], p: 0.5}]",
    table: FieldTable([
      Field(
        "rate", AugmentationFields.range(min: 0.1, max: 10),
        doc: "How many times faster: a number, or a range to draw it from."),
      AugmentationFields.before, AugmentationFields.probability,
    ]))

  private let rate: ClosedRange<Double>

  init(_ step: Step) throws { rate = try step.values.range("rate") }

  func apply(to samples: [Float], using draws: inout Draws) -> [Float] {
    TimeStretch.stretched(samples, rate: draws.uniform(in: rate))
  }
}
