import Audio
import Spec

/// `power_to_db`: power in decibels.
struct PowerToDecibels: MatrixStep {
  static let kind = Kind(
    "power_to_db", summary: "Power in decibels, as in librosa; with `dialect: torchaudio` as AmplitudeToDB.",
    formula: """
      y = 10 log10(max(x, amin)) - 10 log10(max(ref, amin)), but at least the largest y of the clip - top_db.
      [rows, T] -> [rows, T].
      """,
    example: "- power_to_db: {ref: max, top_db: 80}",
    table: FieldTable([
      reference, floor, Dialect.topDecibelsField,
      Dialect.field(standard: .librosa, "torchaudio: AmplitudeToDB, which has no limit."),
    ]))

  static let reference = Field(
    "ref", .either([.choice(["max"]), .number(min: 0, exclusiveMin: true)]), default: .value(.number(1)),
    doc: "The power of 0 dB, or `max` for the largest of the clip.")
  static let floor = Field(
    "amin", .number(min: 1e-37), default: .value(.number(1e-10)), doc: "Power below this counts as this.")

  /// The values of these fields.
  struct Settings: Sendable {
    private let reference: Decibels.Reference
    private let floor: Double
    private let topDecibels: Double?

    init(_ values: FieldValues, _ dialect: Dialect) {
      if case .string = values["ref"].content { reference = .maximum } else { reference = .value(values.number("ref")) }
      floor = values.number("amin")
      topDecibels = dialect.topDecibels(values)
    }

    func apply(to matrix: inout FeatureMatrix) {
      Decibels.power(&matrix.values, reference: reference, floor: floor, topDecibels: topDecibels)
    }
  }

  private let settings: Settings
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requirePower(input, at: step)
    settings = Settings(step.values, Dialect(step.values))
    output = input.withoutPower
  }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix {
    var result = matrix
    settings.apply(to: &result)
    return result
  }
}

/// `amplitude_to_db`: amplitude in decibels.
struct AmplitudeToDecibels: MatrixStep {
  static let kind = Kind(
    "amplitude_to_db", summary: "Amplitude, such as rms, in decibels, as in librosa.",
    formula: """
      y = 20 log10(max(x, amin)) - 20 log10(max(ref, amin)), but at least the largest y of the clip - top_db.
      [rows, T] -> [rows, T].
      """,
    example: "[rms: {frame_length: 512, hop_length: 160}, amplitude_to_db]",
    table: FieldTable([
      Field(
        "ref", .either([.choice(["max"]), .number(min: 0, exclusiveMin: true)]), default: .value(.number(1)),
        doc: "The amplitude of 0 dB, or `max` for the largest of the clip."),
      Field("amin", .number(min: 1e-18), default: .value(.number(1e-5)), doc: "Amplitudes below this count as this."),
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
    if case .string = values["ref"].content {
      reference = .maximum
    } else {
      reference = .value(values.number("ref") * values.number("ref"))
    }
    floor = values.number("amin") * values.number("amin")
    topDecibels = values.optionalNumber("top_db")
    output = input.withoutPower
  }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix {
    var result = matrix
    for index in result.values.indices { result.values[index] *= result.values[index] }
    Decibels.power(&result.values, reference: reference, floor: floor, topDecibels: topDecibels)
    return result
  }
}
