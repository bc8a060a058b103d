import Spec
import TensorRuntime

/// softmax: y = exp(x) / Σ exp(x) along one axis of a sample.
public struct SoftmaxLayer: PositionwiseLayer {
  public static let kind = Kind(
    "softmax", summary: "Makes the values along one axis positive with a sum of 1.",
    formula: "[…] -> […]; y = exp(x) / Σ exp(x), summed along dim", example: "softmax: {dim: 0}",
    table: FieldTable(
      [
        Field(
          "dim", .integer(min: -3, max: 2), default: .value(.integer(0)),
          doc: "Axis of the sample, the batch not counted: 0 is channels, negative ones count from the end.")
      ], primary: "dim"))

  let dim: Int

  public init(_ values: FieldValues) { dim = values.integer("dim") }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard (-input.rank..<input.rank).contains(dim) else {
      throw ShapeMismatch(
        "softmax with dim \(dim) needs more axes than \(input) has",
        detail: "The batch is not counted: dim is between \(-input.rank) and \(input.rank - 1) here.")
    }
    return input
  }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    if dim == input.rank - 1 || dim == -1 {
      throw ShapeMismatch(
        "softmax over the length of a clip would count its padding",
        detail: "With `masks` use attentive_stats_pool, or a softmax over another dim.")
    }
    return mask
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let rank = input.spec.shape.rank - 1
    return lowering.apply(Softmax(spec: input.spec, axis: 1 + (dim < 0 ? dim + rank : dim)), to: [input])
  }
}
