import Spec
import TensorRuntime

/// global_avg_pool: the mean over all positions of each channel.
public struct GlobalAvgPool: MaskedLayer {
  public static let kind = Kind(
    "global_avg_pool", summary: "Mean over all positions of each channel.",
    formula: "[C, …] -> [C]; y[c] = mean of x[c, …]",
    example: "global_avg_pool", table: FieldTable([]))

  public init(_ values: FieldValues) {}

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard input.rank >= 2 else {
      throw ShapeMismatch(
        "global_avg_pool needs [channels, …] with positions to average, found \(input)",
        detail: "The axes that it would average are already gone. Remove this layer.")
    }
    return SampleShape([input.extents[0]])
  }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? { nil }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .channelsLast)
    if let mask { return lowering.mean(value, mask) }
    return lowering.apply(
      GlobalAveragePool(batch: value.batch, channels: value.channels, spatial: value.spatial), to: [value])
  }
}
