import Audio
import Spec

/// `identity`: what it is given.
struct Identity: MatrixStep {
  static let kind = Kind(
    "identity", summary: "Leaves its input as it is: in a stack, the rows that others are computed from.",
    formula: "y = x. The shape stays.",
    example: "[mfcc: {n_mfcc: 13}, stack: {features: [identity, delta, delta: {order: 2}]}]", table: FieldTable([]))

  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireMatrix(input, at: step)
    output = input
  }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix { matrix }
}
