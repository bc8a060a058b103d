import Spec
import TensorRuntime

/// layer_norm: as group_norm with statistics over the last axis of a sample, and a weight and bias for each of its
/// entries. Ba, Kiros, Hinton 2016, "Layer Normalization".
public struct LayerNormLayer: Layer {
  public static let kind = Kind(
    "layer_norm", summary: "Normalises over the last axis.",
    formula: "[…, F] -> […, F]; y = (x - mean) / sqrt(var + eps) * weight + bias, statistics over F",
    example: "layer_norm",
    table: FieldTable([
      Field("eps", .number(min: 0), default: .value(.number(1e-5)), doc: "Added to the variance."),
      Field(
        "affine", .boolean, default: .value(.boolean(true)),
        doc: "Whether to learn a weight and a bias for each entry of the last axis."),
    ]))

  let epsilon: Double
  let affine: Bool

  public init(_ values: FieldValues) {
    epsilon = values.number("eps")
    affine = values.boolean("affine")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard input.extents.last?.value != nil else {
      throw ShapeMismatch(
        "layer_norm needs a last axis of known length, found \(input)",
        detail:
          "Its weights have one entry for each position of the last axis, and the length of a clip is not known. Use group_norm."
      )
    }
    return input
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .canonical)
    let shape = value.spec.shape
    return lowering.apply(
      LayerNorm(shape: shape, normalized: shape[shape.rank - 1], epsilon: epsilon, affine: affine), to: [value])
  }
}
