import Audio
import Spec

/// `log`: the natural logarithm.
struct Log: MatrixStep {
  static let kind = Kind(
    "log", summary: "The natural logarithm of a power spectrogram.",
    formula: "y = ln(x + offset). [rows, T] -> [rows, T].", example: "- log: {offset: 1e-6}",
    table: FieldTable(
      [
        Field(
          "offset", .number(min: 1e-30), default: .value(.number(1e-6)),
          doc: "Added before the logarithm, so that silence has one.")
      ], primary: "offset"))

  private let offset: Double
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requirePower(input, at: step)
    offset = step.values.number("offset")
    output = input.withoutPower
  }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix {
    var result = matrix
    Decibels.naturalLogarithm(&result.values, offset: offset)
    return result
  }
}

extension FeatureType {
  /// The type of values of which no logarithm can be taken.
  var withoutPower: FeatureType {
    if case .frames(let rows, let count, _) = self { return .frames(rows: rows, count, isPower: false) }
    return self
  }
}
