import Audio
import Spec

/// `z_score`: mean 0 and standard deviation 1 over the clip.
struct ZScoreFeature: MatrixStep {
  static let kind = Kind(
    "z_score",
    summary: "Shifts and scales to mean 0 and standard deviation 1, over all values of the clip or row by row.",
    formula: """
      y = (x - mean) / deviation, deviation = sqrt(sum (x - mean)^2 / (n - 1)); only y = x - mean where it is at most 1e-6.
      The shape stays.
      """,
    example: "[mfcc: {n_mfcc: 13}, z_score: {over: row}]",
    table: FieldTable(
      [
        Field(
          "over", .choice(["clip", "row"]), default: .value(.string("clip")),
          doc: "All values of the clip together, or each row by itself (cepstral mean and variance normalisation).")
      ], primary: "over"))

  private let byRow: Bool
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireMatrix(input, at: step)
    byRow = step.values.string("over") == "row"
    output = input.withoutPower
  }

  /// The mean depends on how many frames there are.
  var silenceMargin: Int? { nil }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix {
    var result = matrix
    Normalization.zScore(&result.values, rows: byRow ? matrix.rows : 1)
    return result
  }
}
