import Spec
import TensorRuntime

/// global_max_pool: the largest value over all positions of each channel.
public struct GlobalMaxPool: MaskedLayer {
  public static let kind = Kind(
    "global_max_pool", summary: "Largest value over all positions of each channel.",
    formula: "[C, …] -> [C]; y[c] = max of x[c, …]", example: "global_max_pool", table: FieldTable([]))

  public init(_ values: FieldValues) {}

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard (2...3).contains(input.rank) else {
      throw ShapeMismatch(
        "global_max_pool needs [channels, …] with one or two axes of positions, found \(input)",
        detail: "The axes that it would pool are already gone, or there are more of them. Remove this layer.")
    }
    return SampleShape([input.extents[0]])
  }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? { nil }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    var value = lowering.convert(input, to: .channelsLast)
    if let mask { value = lowering.fill(value, with: MaskFill.lowest, mask) }
    let output = value.spatial.map { _ in 1 }
    let pooled = lowering.apply(
      AdaptiveMaxPool(batch: value.batch, channels: value.channels, input: value.spatial, output: output), to: [value])
    return lowering.reshape(lowering.convert(pooled, to: .canonical), to: [value.batch, value.channels])
  }
}
