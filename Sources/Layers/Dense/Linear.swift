import Spec
import TensorRuntime

/// linear: y = W x + b over the last axis.
public struct LinearLayer: Layer {
  public static let kind = Kind(
    "linear", summary: "Affine map of the last axis.", formula: "[…, F] -> […, out_features]; y = W x + b",
    example: "linear: 128",
    table: FieldTable(
      [
        Field("out_features", .integer(min: 1), doc: "Length of the output's last axis."),
        Field("bias", .boolean, default: .value(.boolean(true)), doc: "Whether to add a learnable bias."),
        .initialisation,
      ], primary: "out_features"))

  let outFeatures: Int
  let bias: Bool
  let initialisation: WeightInitialisation

  public init(_ values: FieldValues) {
    outFeatures = values.integer("out_features")
    bias = values.boolean("bias")
    initialisation = values.initialisation
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard input.extents.last?.value != nil else {
      throw ShapeMismatch(
        "linear needs a last axis of known length, found \(input)",
        detail: "Its weight has one column for each position of the last axis, and the length of a clip is not known. "
          + "Pool first, for example with global_avg_pool.")
    }
    return SampleShape(input.extents.dropLast() + [.known(outFeatures)])
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int { output.reduce(1, *) * input[input.count - 1] }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
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
