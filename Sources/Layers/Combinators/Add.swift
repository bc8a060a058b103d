import Spec
import TensorRuntime

/// add: the sum of inputs of one shape.
public struct AddCombinator: Combinator {
  public static let kind = Kind(
    "add", summary: "Sum of inputs of one shape.", formula: "y = x1 + x2 + …", example: "sum: {add: [path, shortcut]}",
    table: FieldTable([Field("inputs", .list(.string, min: 1), doc: "Features or nodes to sum.")], primary: "inputs"))

  public init(_ values: FieldValues) {}

  init() {}

  public func outputShape(of inputs: [SampleShape]) throws(ShapeMismatch) -> SampleShape {
    for other in inputs.dropFirst() where other != inputs[0] {
      throw ShapeMismatch(
        "add cannot join \(inputs[0]) and \(other)",
        detail:
          "All inputs must have one shape. A convolution with kernel_size 1 can bring one to the other's channels.")
    }
    return inputs[0]
  }

  public func lower(_ inputs: [Value], into lowering: inout Lowering) -> Value {
    if inputs.count == 1 { return inputs[0] }
    let values = inputs.map { lowering.convert($0, to: inputs[0].spec.layout) }
    return lowering.apply(Add(spec: values[0].spec, count: values.count), to: values)
  }
}
