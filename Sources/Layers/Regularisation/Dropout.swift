import Spec
import TensorRuntime

/// dropout: zeroes each value with probability p in training and scales the others by 1 / (1 - p).
/// Srivastava et al. 2014.
public struct DropoutLayer: PositionwiseLayer {
  public static let kind = Kind(
    "dropout", summary: "Zeroes values at random while training.",
    formula: "y = x m / (1 - p), m drawn 0 with probability p; y = x in validation and test", example: "dropout: 0.3",
    table: FieldTable(
      [Field("p", .number(min: 0, max: 1), default: .value(.number(0.5)), doc: "Probability of a zero.")], primary: "p")
  )

  let p: Double

  public init(_ values: FieldValues) { p = values.number("p") }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape { input }

  public var keepsZeros: Bool { true }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    p == 0 ? input : lowering.apply(Dropout(spec: input.spec, p: p), to: [input])
  }
}
