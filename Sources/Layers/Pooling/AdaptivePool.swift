import Spec
import TensorRuntime

/// What the adaptive pools share: as many windows as the output has points, whatever the input's length.
struct AdaptiveFields: Sendable {
  let output: [Int]

  static let table = FieldTable(
    [Field("output_size", .sizes(min: 1), doc: "Extent of the output, one number or one an axis.")],
    primary: "output_size")

  /// For the formula of the kinds.
  static let windows = "window i of L covers floor(i L / output_size) ... ceil((i + 1) L / output_size) - 1"

  init(_ values: FieldValues, rank: Int) { output = values.sizes("output_size", rank: rank) }

  /// The output is known also where the input's length is not.
  func outputShape(of input: SampleShape, for name: String, rank: Int) throws(ShapeMismatch) -> SampleShape {
    let channels = try input.channels(for: name, spatial: rank)
    if let mismatch = SampleShape.axesMismatch("output_size", of: name, has: output.count, rank: rank) {
      throw mismatch
    }
    return SampleShape([channels] + output)
  }

  func average(_ input: Value, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .channelsLast)
    return lowering.apply(
      AveragePool(batch: value.batch, channels: value.channels, input: value.spatial, adaptiveOutput: output),
      to: [value])
  }

  func maximum(_ input: Value, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .channelsLast)
    return lowering.apply(
      AdaptiveMaxPool(batch: value.batch, channels: value.channels, input: value.spatial, output: output), to: [value])
  }
}

/// adaptive_avg_pool1d: the mean of each of output_size windows along one axis.
public struct AdaptiveAvgPool1d: Layer {
  public static let kind = Kind(
    "adaptive_avg_pool1d", summary: "Mean of each of a fixed number of windows along one axis.",
    formula: "[C, L] -> [C, output_size]; " + AdaptiveFields.windows, example: "adaptive_avg_pool1d: 4",
    table: AdaptiveFields.table)

  let fields: AdaptiveFields

  public init(_ values: FieldValues) { fields = AdaptiveFields(values, rank: 1) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, for: Self.kind.name, rank: 1)
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value { fields.average(input, into: &lowering) }
}

/// adaptive_max_pool1d: the largest value of each of output_size windows along one axis.
public struct AdaptiveMaxPool1d: Layer {
  public static let kind = Kind(
    "adaptive_max_pool1d", summary: "Largest value of each of a fixed number of windows along one axis.",
    formula: "[C, L] -> [C, output_size]; " + AdaptiveFields.windows, example: "adaptive_max_pool1d: 4",
    table: AdaptiveFields.table)

  let fields: AdaptiveFields

  public init(_ values: FieldValues) { fields = AdaptiveFields(values, rank: 1) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, for: Self.kind.name, rank: 1)
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value { fields.maximum(input, into: &lowering) }
}

/// adaptive_avg_pool2d: the mean of each of output_size windows of an image.
public struct AdaptiveAvgPool2d: Layer {
  public static let kind = Kind(
    "adaptive_avg_pool2d", summary: "Mean of each of a fixed number of windows of an image.",
    formula: "[C, H, W] -> [C, output_size, output_size]; " + AdaptiveFields.windows, example: "adaptive_avg_pool2d: 7",
    table: AdaptiveFields.table)

  let fields: AdaptiveFields

  public init(_ values: FieldValues) { fields = AdaptiveFields(values, rank: 2) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, for: Self.kind.name, rank: 2)
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value { fields.average(input, into: &lowering) }
}

/// adaptive_max_pool2d: the largest value of each of output_size windows of an image.
public struct AdaptiveMaxPool2d: Layer {
  public static let kind = Kind(
    "adaptive_max_pool2d", summary: "Largest value of each of a fixed number of windows of an image.",
    formula: "[C, H, W] -> [C, output_size, output_size]; " + AdaptiveFields.windows, example: "adaptive_max_pool2d: 7",
    table: AdaptiveFields.table)

  let fields: AdaptiveFields

  public init(_ values: FieldValues) { fields = AdaptiveFields(values, rank: 2) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, for: Self.kind.name, rank: 2)
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value { fields.maximum(input, into: &lowering) }
}
