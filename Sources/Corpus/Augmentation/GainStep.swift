import Audio
import Foundation
import Spec

/// `gain`: another volume.
struct GainStep: WaveformAugmentation {
  static let kind = Kind(
    "gain", summary: "Makes the clip louder or softer; a normalising step behind it takes that back.",
    formula: "y = factor x, or y = 10^(db / 20) x", example: "augment: [gain: {factor: [0.7, 1.3]}]",
    table: FieldTable(
      [
        Field(
          "factor", .optional(AugmentationFields.range(min: 0, max: 1e6)), default: .value(.none),
          doc: "What samples are multiplied by: a number, or a range to draw it from."),
        Field(
          "db", .optional(AugmentationFields.range(min: -120, max: 120)), default: .value(.none),
          doc: "The same in dB: a number, or a range to draw it from."),
        AugmentationFields.before, AugmentationFields.probability,
      ], exclusive: ["factor", "db"]))

  private let range: ClosedRange<Double>
  private let isDecibels: Bool

  init(_ step: Step) throws {
    let decibels = try step.values.optionalRange("db")
    range = try decibels ?? step.values.optionalRange("factor") ?? 1...1
    isDecibels = decibels != nil
  }

  func apply(to samples: [Float], using draws: inout Draws) -> [Float] {
    let drawn = draws.uniform(in: range)
    let factor = Float(isDecibels ? pow(10, drawn / 20) : drawn)
    return samples.map { $0 * factor }
  }
}
