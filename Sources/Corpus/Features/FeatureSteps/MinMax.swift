import Audio
import Spec

/// `min_max`: all values of the clip into [0, 1].
struct MinMax: MatrixStep {
  static let kind = Kind(
    "min_max", summary: "Maps the smallest value of the clip to 0 and the largest to 1.",
    formula: "y = (x - min x) / (max x - min x); zeros where all values are the same. The shape stays.",
    example: "- min_max", table: FieldTable([]))

  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireMatrix(input, at: step)
    output = input
  }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix {
    var result = matrix
    Normalization.minMax(&result.values)
    return result
  }
}
