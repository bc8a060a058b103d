import Spec
import TensorRuntime

/// scale: y[c, …] = weight[c] x[c, …], the "layer scale" at the end of a residual branch.
/// Touvron et al. 2021, "Going deeper with image transformers".
public struct ScaleLayer: PositionwiseLayer {
  public static let kind = Kind(
    "scale", summary: "Learnable factor for each channel.", formula: "[C, …] -> [C, …]; y = weight x",
    example: "scale: 1e-6",
    table: FieldTable(
      [Field("initial", .number(), default: .value(.number(1)), doc: "Value that all factors start with.")],
      primary: "initial"))

  let initial: Double

  public init(_ values: FieldValues) { initial = values.number("initial") }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard input.extents.first?.value != nil else {
      throw ShapeMismatch(
        "scale needs a known number of channels, found \(input)",
        detail: "It learns a factor for each position of the first axis, and the length of a clip is not known.")
    }
    return input
  }

  public var keepsZeros: Bool { true }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: SampleShape.layout(rank: input.spec.shape.rank - 1))
    return lowering.apply(
      ChannelScale(batch: value.batch, channels: value.channels, spatial: value.spatial, initial: initial),
      to: [value])
  }
}
