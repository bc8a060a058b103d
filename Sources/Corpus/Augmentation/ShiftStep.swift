import Audio
import Spec

/// `shift`: later or earlier.
struct ShiftStep: WaveformAugmentation {
  static let kind = Kind(
    "shift", summary: "Moves the sound later or earlier within the clip, whose length stays.",
    formula: "y[i] = x[i - round(share n)]; zeros, or the other end of the clip, where that lies outside.",
    example: "augment: [shift: {share: [-0.3, 0.3], fill: roll}]",
    table: FieldTable([
      Field(
        "share", AugmentationFields.range(min: -1, max: 1),
        doc: "How much later, as a share of the clip's length: a number, or a range to draw it from."),
      Field(
        "fill", .choice(TimeShift.Fill.allCases.map(\.rawValue)),
        default: .value(.string(TimeShift.Fill.zeros.rawValue)),
        doc: "What comes in: zeros, or what leaves at the other end (roll)."),
      AugmentationFields.before, AugmentationFields.probability,
    ]))

  private let share: ClosedRange<Double>
  private let fill: TimeShift.Fill

  init(_ step: Step) throws {
    share = try step.values.range("share")
    fill = TimeShift.Fill(rawValue: step.values.string("fill")) ?? .zeros
  }

  func apply(to samples: [Float], using draws: inout Draws) -> [Float] {
    let offset = (draws.uniform(in: share) * Double(samples.count)).rounded()
    return TimeShift.shifted(samples, by: Int(offset), fill: fill)
  }
}
