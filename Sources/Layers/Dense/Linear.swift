import Spec
import TensorRuntime

/// linear: y = W x + b over the last axis, or over the channels at every position.
public struct LinearLayer: PositionwiseLayer {
  public static let kind = Kind(
    "linear", summary: "Affine map of one axis.",
    formula: "[…, F] -> […, out_features]; y = W x + b; with axis: 0 [C, …] -> [out_features, …] at every position",
    example: "linear: 128",
    table: FieldTable(
      [
        Field("out_features", .integer(min: 1), doc: "Length of the mapped axis in the output."),
        Field("bias", .boolean, default: .value(.boolean(true)), doc: "Whether to add a learnable bias."),
        .initialisation,
        Field(
          "axis", .integer(min: -1, max: 0), default: .value(.integer(-1)),
          doc: "Axis of the sample that is mapped: -1 the last, as in PyTorch; 0 the channels."),
      ], primary: "out_features"))

  let outFeatures: Int
  let bias: Bool
  let initialisation: WeightInitialisation
  let mapsChannels: Bool

  public init(_ values: FieldValues) {
    outFeatures = values.integer("out_features")
    bias = values.boolean("bias")
    initialisation = values.initialisation
    mapsChannels = values.integer("axis") == 0
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    if mapsChannels {
      guard input.extents.first?.value != nil else {
        throw ShapeMismatch(
          "linear needs a known number of channels, found \(input)",
          detail: "Its weight has one column for each channel, and the length of a clip is not known.")
      }
      return SampleShape([.known(outFeatures)] + input.extents.dropFirst())
    }
    guard input.extents.last?.value != nil else {
      throw ShapeMismatch(
        "linear needs a last axis of known length, found \(input)",
        detail: "Its weight has one column for each position of the last axis, and the length of a clip is not known. "
          + "Pool first, for example with global_avg_pool, or map the channels at every position with axis: 0.")
    }
    return SampleShape(input.extents.dropLast() + [.known(outFeatures)])
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int {
    output.reduce(1, *) * input[mapsChannels ? 0 : input.count - 1]
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    if mapsChannels {
      return lowering.applyToRows(lowering.convert(input, to: .channelsLast)) { rows in
        Linear(
          rows: rows.shape[0], inFeatures: rows.shape[1], outFeatures: outFeatures, bias: bias,
          initialisation: initialisation)
      }
    }
    let value = lowering.convert(input, to: .canonical)
    let extents = value.spec.shape.extents
    let features = extents[extents.count - 1]
    let rows = extents.dropLast().reduce(1, *)
    let output = lowering.apply(
      Linear(
        rows: rows, inFeatures: features, outFeatures: outFeatures, bias: bias, initialisation: initialisation),
      to: [lowering.reshape(value, to: [rows, features])])
    return lowering.reshape(output, to: Shape(extents.dropLast() + [outFeatures]))
  }
}
