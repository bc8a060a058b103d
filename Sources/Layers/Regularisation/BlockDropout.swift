import Spec
import TensorRuntime

/// spatial_dropout: dropout of whole channels, PyTorch's Dropout1d and Dropout2d. Tompson et al. 2015, "Efficient object
/// localization using convolutional networks".
public struct SpatialDropout: PositionwiseLayer {
  public static let kind = Kind(
    "spatial_dropout", summary: "Zeroes whole channels at random while training.",
    formula: "y[c, …] = x[c, …] m[c] / (1 - p), m drawn 0 with probability p; y = x in validation and test",
    example: "spatial_dropout: 0.2",
    table: FieldTable(
      [
        Field(
          "p", .number(min: 0, max: 1), default: .value(.number(0.5)), doc: "Probability that a channel is dropped.")
      ], primary: "p"))

  let p: Double

  public init(_ values: FieldValues) { p = values.number("p") }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard input.rank >= 2 else {
      throw ShapeMismatch(
        "spatial_dropout needs [channels, …] with positions, found \(input)",
        detail: "Without positions a channel is one value: use dropout.")
    }
    return input
  }

  public var keepsZeros: Bool { true }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    if p == 0 { return input }
    let value = lowering.convert(input, to: .channelsLast)
    return lowering.apply(BlockDropout(.channel, spec: value.spec, p: p), to: [value])
  }
}

/// drop_path: dropout of whole samples, for the branch of a residual ("stochastic depth"). Huang et al. 2016, "Deep
/// networks with stochastic depth".
public struct DropPath: PositionwiseLayer {
  public static let kind = Kind(
    "drop_path", summary: "Zeroes whole samples of a branch at random while training.",
    formula: "y = x m / (1 - p), m drawn 0 with probability p for each sample; y = x in validation and test",
    example: "drop_path: 0.1",
    table: FieldTable(
      [
        Field(
          "p", .number(min: 0, max: 1), default: .value(.number(0.1)), doc: "Probability that a sample is dropped.")
      ], primary: "p"))

  let p: Double

  public init(_ values: FieldValues) { p = values.number("p") }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape { input }

  public var keepsZeros: Bool { true }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    p == 0 ? input : lowering.apply(BlockDropout(.sample, spec: input.spec, p: p), to: [input])
  }
}
