import Spec
import TensorRuntime

/// flatten: all axes of a sample in one, in PyTorch's order.
public struct FlattenLayer: Layer {
  public static let kind = Kind(
    "flatten", summary: "All axes in one, channels outermost.", formula: "[C, H, W] -> [C H W]", example: "flatten",
    table: FieldTable([]))

  public init(_ values: FieldValues) {}

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard let extents = input.known else {
      throw ShapeMismatch(
        "flatten needs a known shape, found \(input)",
        detail: "The length of a clip is not known before it is read. Pool first, or use a fixed length.")
    }
    return SampleShape([extents.reduce(1, *)])
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .canonical)
    return lowering.reshape(value, to: [value.batch, value.spec.shape.count / value.batch])
  }
}
