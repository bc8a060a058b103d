import Audio
import Spec

/// `power_to_db`: power in decibels.
struct PowerToDecibels: MatrixStep {
  static let kind = Kind(
    "power_to_db", summary: "Power in decibels, as in librosa.",
    formula: """
      y = 10 log10(max(x, amin)) - 10 log10(max(ref, amin)), but at least the largest y of the clip - top_db.
      [rows, T] -> [rows, T].
      """,
    example: "- power_to_db: {ref: max, top_db: 80}",
    table: FieldTable([
      Field(
        "ref", .either([.choice(["max"]), .number(min: 0, exclusiveMin: true)]), default: .value(.number(1)),
        doc: "The power of 0 dB, or `max` for the largest of the clip."),
      Field(
        "amin", .number(min: 1e-37), default: .value(.number(1e-10)), doc: "Power below this counts as this."),
      Field(
        "top_db", .optional(.number(min: 0)), default: .value(.number(80)),
        doc: "The range in decibels below the largest value; ~ for no limit."),
    ]))

  private let reference: Decibels.Reference
  private let floor: Double
  private let topDecibels: Double?
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requirePower(input, at: step)
    let values = step.values
    if case .string = values["ref"].content { reference = .maximum } else { reference = .value(values.number("ref")) }
    floor = values.number("amin")
    topDecibels = values.optionalNumber("top_db")
    output = input.withoutPower
  }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix {
    var result = matrix
    Decibels.power(&result.values, reference: reference, floor: floor, topDecibels: topDecibels)
    return result
  }
}
