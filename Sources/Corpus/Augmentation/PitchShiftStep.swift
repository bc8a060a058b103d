import Audio
import Spec

/// `pitch_shift`: another pitch at the same speed.
struct PitchShiftStep: WaveformAugmentation {
  static let kind = Kind(
    "pitch_shift", summary: "Changes the pitch and keeps the length, as librosa.effects.pitch_shift does.",
    formula:
      "time_stretch by rate = 2^(-semitones / 12), then resampled by the same factor and cut or filled to n samples.",
    example: "augment: [pitch_shift: {semitones: [-4, 4], p: 0.5}]",
    table: FieldTable([
      Field(
        "semitones", AugmentationFields.range(min: -24, max: 24),
        doc: "How much higher, in semitones (twelve an octave), fractions too: a number, or a range to draw it from."),
      AugmentationFields.before, AugmentationFields.probability,
    ]))

  private let semitones: ClosedRange<Double>

  init(_ step: Step) throws { semitones = try step.values.range("semitones") }

  func apply(to samples: [Float], using draws: inout Draws) -> [Float] {
    PitchShift.shifted(samples, semitones: draws.uniform(in: semitones))
  }
}
