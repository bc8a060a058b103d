import Spec
import TensorRuntime

/// mul: the product of inputs, value by value; axes of extent 1 are spread.
public struct MulCombinator: Combinator {
  public static let kind = Kind(
    "mul", summary: "Product of inputs, value by value.",
    formula: "y = x1 * x2 * …; extents of 1 are spread, [C] over [C, …]", example: "gated: {mul: [path, gate]}",
    table: FieldTable(
      [Field("inputs", .list(.string, min: 1), doc: "Features or nodes to multiply.")], primary: "inputs"))

  public init(_ values: FieldValues) {}

  public func outputShape(of inputs: [SampleShape]) throws(ShapeMismatch) -> SampleShape {
    try Broadcasting.outputShape(of: inputs, for: "mul")
  }

  public func lower(_ inputs: [Value], into lowering: inout Lowering) -> Value {
    if inputs.count == 1 { return inputs[0] }
    let (values, target) = Broadcasting.align(inputs, into: &lowering)
    // Whole inputs first, so that a number a channel can be multiplied in without being spread.
    let order = values.filter { $0.spec == target } + values.filter { $0.spec != target }
    var product = Broadcasting.expand(order[0], to: target, into: &lowering)
    for value in order.dropFirst() {
      if target.layout == .channelsLast, value.channels == product.channels, value.spatial.allSatisfy({ $0 == 1 }) {
        product = lowering.gate(product, by: value)
      } else {
        let spread = Broadcasting.expand(value, to: target, into: &lowering)
        product = lowering.apply(Multiply(spec: target), to: [product, spread])
      }
    }
    return product
  }
}

extension Lowering {
  /// The channels-last `value` [N, C, …] times `gate`, [N, C] or [N, C, 1, …].
  mutating func gate(_ value: Value, by gate: Value) -> Value {
    let flat = reshape(convert(gate, to: .canonical), to: [value.batch, value.channels])
    return apply(
      ChannelGate(batch: value.batch, channels: value.channels, spatial: value.spatial), to: [value, flat])
  }
}
