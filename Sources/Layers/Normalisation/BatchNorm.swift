import Spec
import TensorRuntime

/// batch_norm: y = (x - mean) / sqrt(var + eps) * w + b with mean and (biased) variance of each channel over the batch
/// and all positions, and by running statistics in validation and test. Ioffe, Szegedy 2015, "Batch Normalization".
///
/// The running statistics are no parameters: no count has them, but checkpoints do.
public struct BatchNormLayer: MaskedLayer {
  public static let kind = Kind(
    "batch_norm", summary: "Normalises each channel over the batch.",
    formula: "[C, …] -> [C, …]; y = (x - mean) / sqrt(var + eps) * weight + bias, statistics by channel over batch and "
      + "positions;\nafter a batch: running += momentum (statistic - running), which validation and test use",
    example: "batch_norm",
    table: FieldTable([
      Field("eps", .number(min: 0), default: .value(.number(1e-5)), doc: "Added to the variance."),
      Field(
        "momentum", .optional(.number(min: 0, max: 1)), default: .value(.number(0.1)),
        doc: "Share of a batch in the running statistics; `~` averages all batches alike."),
      Field(
        "affine", .boolean, default: .value(.boolean(true)),
        doc: "Whether to learn a weight and a bias for each channel."),
      Field(
        "track_running_stats", .boolean, default: .value(.boolean(true)),
        doc: "Whether validation and test use running statistics; otherwise those of their own batch."),
    ]))

  let epsilon: Double
  let momentum: Double?
  let affine: Bool
  let tracks: Bool

  public init(_ values: FieldValues) {
    epsilon = values.number("eps")
    momentum = values.optionalNumber("momentum")
    affine = values.boolean("affine")
    tracks = values.boolean("track_running_stats")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard input.extents.first?.value != nil else {
      throw ShapeMismatch(
        "batch_norm needs a known number of channels, found \(input)",
        detail: "It has statistics for each position of the first axis, and the length of a clip is not known.")
    }
    return input
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: SampleShape.layout(rank: input.spec.shape.rank - 1))
    let norm = BatchNorm(
      batch: value.batch, channels: value.channels, spatial: value.spatial, epsilon: epsilon, momentum: momentum,
      affine: affine, tracks: tracks)
    guard let mask else { return lowering.apply(norm, to: [value]) }
    let output = lowering.apply(
      MaskedBatchNorm(norm, lengths: mask.lengths), to: [value, lowering.lengths(of: mask)])
    lowering.padsWithZeros(output)
    return output
  }
}
