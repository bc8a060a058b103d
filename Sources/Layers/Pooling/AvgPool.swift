import Spec
import TensorRuntime

/// What avg_pool1d and avg_pool2d share.
struct AvgPoolFields: Sendable {
  let window: WindowFields
  let countIncludePad: Bool

  static let table = FieldTable(
    WindowFields.fields + [
      Field(
        "count_include_pad", .boolean, default: .value(.boolean(true)),
        doc: "Whether the zeros of the padding count in the mean.")
    ], primary: "kernel_size")

  init(_ values: FieldValues, rank: Int) {
    window = WindowFields(values, rank: rank)
    countIncludePad = values.boolean("count_include_pad")
  }

  /// Throws where a window at a clip's end counts other positions than the same window of a padded clip.
  func mask(behind mask: TimeMask, of layer: String) throws(ShapeMismatch) -> TimeMask? {
    if window.ceilMode || (window.timeWindow.padding > 0 && !countIncludePad) {
      throw ShapeMismatch(
        "\(layer) divides windows at a clip's end by another number than those of its padding",
        detail: "With `masks` leave out ceil_mode, and padding unless count_include_pad is true.")
    }
    return mask.behind(window.timeWindow)
  }

  func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let value = lowering.zeroPadded(lowering.convert(input, to: .channelsLast), mask)
    return lowering.apply(
      AveragePool(
        batch: value.batch, channels: value.channels, input: value.spatial, kernel: window.kernel,
        stride: window.stride, padding: window.padding, ceilMode: window.ceilMode, countIncludePad: countIncludePad),
      to: [value])
  }
}

/// avg_pool1d: the mean of each window along one axis.
public struct AvgPool1d: MaskedLayer {
  public static let kind = Kind(
    "avg_pool1d", summary: "Mean of each window along one axis.",
    formula: "[C, L] -> [C, floor((L + 2 padding - kernel_size) / stride) + 1], ceil with ceil_mode",
    example: "avg_pool1d: 2", table: AvgPoolFields.table)

  let fields: AvgPoolFields

  public init(_ values: FieldValues) { fields = AvgPoolFields(values, rank: 1) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.window.outputShape(of: input, rank: 1, for: Self.kind.name)
  }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    try fields.mask(behind: mask, of: Self.kind.name)
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    fields.lower(input, mask: mask, into: &lowering)
  }
}

/// avg_pool2d: the mean of each window of an image.
public struct AvgPool2d: MaskedLayer {
  public static let kind = Kind(
    "avg_pool2d", summary: "Mean of each window of an image.",
    formula: "[C, H, W] -> [C, H', W'], each axis as in avg_pool1d", example: "avg_pool2d: {kernel_size: 2}",
    table: AvgPoolFields.table)

  let fields: AvgPoolFields

  public init(_ values: FieldValues) { fields = AvgPoolFields(values, rank: 2) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.window.outputShape(of: input, rank: 2, for: Self.kind.name)
  }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    try fields.mask(behind: mask, of: Self.kind.name)
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    fields.lower(input, mask: mask, into: &lowering)
  }
}
