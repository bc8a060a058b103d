import Spec
import TensorRuntime

/// instance_norm: as group_norm with each channel a group of its own. Ulyanov, Vedaldi, Lempitsky 2016, "Instance
/// normalization".
public struct InstanceNormLayer: MaskedLayer {
  public static let kind = Kind(
    "instance_norm", summary: "Normalises each channel of a sample.",
    formula: "[C, …] -> [C, …]; y = (x - mean) / sqrt(var + eps) * weight + bias, statistics by sample and channel",
    example: "instance_norm",
    table: FieldTable([
      Field("eps", .number(min: 0), default: .value(.number(1e-5)), doc: "Added to the variance."),
      Field(
        "affine", .boolean, default: .value(.boolean(false)),
        doc: "Whether to learn a weight and a bias for each channel."),
    ]))

  let epsilon: Double
  let affine: Bool

  public init(_ values: FieldValues) {
    epsilon = values.number("eps")
    affine = values.boolean("affine")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard input.extents.first?.value != nil, input.extents.dropFirst().contains(where: { $0 != .known(1) }) else {
      throw ShapeMismatch(
        "instance_norm needs [channels, …] with more than one position, found \(input)",
        detail: "It normalises over the positions of a channel, of which there must be several. Use layer_norm or "
          + "batch_norm for features without positions.")
    }
    return input
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .channelsLast)
    return lowering.apply(
      GroupNorm(
        batch: value.batch, channels: value.channels, spatial: value.spatial, groups: value.channels, epsilon: epsilon,
        affine: affine), to: value, mask)
  }
}
