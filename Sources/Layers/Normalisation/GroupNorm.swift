import Spec
import TensorRuntime

/// group_norm: y = (x - mean) / sqrt(var + eps) * w + b with mean and (biased) variance over each group of channels
/// and all positions of one sample. Wu, He 2018, "Group Normalization".
public struct GroupNormLayer: MaskedLayer {
  public static let kind = Kind(
    "group_norm", summary: "Normalises each group of channels of a sample.",
    formula: "[C, …] -> [C, …]; y = (x - mean) / sqrt(var + eps) * weight + bias, statistics by sample and group",
    example: "group_norm: {num_groups: 1}",
    table: FieldTable(
      [
        Field("num_groups", .integer(min: 1), doc: "Groups that the channels are divided into."),
        Field("eps", .number(min: 0), default: .value(.number(1e-5)), doc: "Added to the variance."),
        Field(
          "affine", .boolean, default: .value(.boolean(true)),
          doc: "Whether to learn a weight and a bias for each channel."),
      ], primary: "num_groups"))

  let groups: Int
  let epsilon: Double
  let affine: Bool

  public init(_ values: FieldValues) {
    groups = values.integer("num_groups")
    epsilon = values.number("eps")
    affine = values.boolean("affine")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard let channels = input.extents.first?.value, channels % groups == 0 else {
      throw ShapeMismatch(
        "group_norm cannot divide the channels of \(input) into \(groups) groups",
        detail: "num_groups must divide the number of channels. Change num_groups, or the layer before.")
    }
    return input
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: SampleShape.layout(rank: input.spec.shape.rank - 1))
    return lowering.apply(
      GroupNorm(
        batch: value.batch, channels: value.channels, spatial: value.spatial, groups: groups, epsilon: epsilon,
        affine: affine), to: value, mask)
  }
}
