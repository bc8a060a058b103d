import Spec
import TensorRuntime

private let maxPoolTable = FieldTable(WindowFields.fields, primary: "kernel_size")

private func lowerMaxPool(
  _ input: Value, _ fields: WindowFields, mask: TimeMask?, into lowering: inout Lowering
) -> Value {
  var value = lowering.convert(input, to: .channelsLast)
  if let mask { value = lowering.fill(value, with: MaskFill.lowest, mask) }
  let pooled = lowering.apply(
    MaxPool(
      batch: value.batch, channels: value.channels, input: value.spatial, kernel: fields.kernel, stride: fields.stride,
      padding: fields.padding, ceilMode: fields.ceilMode), to: [value])
  // Windows that lie behind the end hold no value of the clip.
  return lowering.zeroPadded(pooled, mask?.behind(fields.timeWindow))
}

/// max_pool1d: the largest value of each window along one axis.
public struct MaxPool1d: MaskedLayer {
  public static let kind = Kind(
    "max_pool1d", summary: "Largest value of each window along one axis.",
    formula: "[C, L] -> [C, floor((L + 2 padding - kernel_size) / stride) + 1], ceil with ceil_mode",
    example: "max_pool1d: {kernel_size: 2, ceil_mode: true}", table: maxPoolTable)

  let fields: WindowFields

  public init(_ values: FieldValues) { fields = WindowFields(values, rank: 1) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, rank: 1, for: Self.kind.name)
  }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    mask.behind(fields.timeWindow)
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    lowerMaxPool(input, fields, mask: mask, into: &lowering)
  }
}

/// max_pool2d: the largest value of each window of an image.
public struct MaxPool2d: MaskedLayer {
  public static let kind = Kind(
    "max_pool2d", summary: "Largest value of each window of an image.",
    formula: "[C, H, W] -> [C, H', W'], each axis as in max_pool1d",
    example: "max_pool2d: {kernel_size: 2, ceil_mode: true}", table: maxPoolTable)

  let fields: WindowFields

  public init(_ values: FieldValues) { fields = WindowFields(values, rank: 2) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, rank: 2, for: Self.kind.name)
  }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    mask.behind(fields.timeWindow)
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    lowerMaxPool(input, fields, mask: mask, into: &lowering)
  }
}
