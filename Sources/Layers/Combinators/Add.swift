import Spec
import TensorRuntime

/// add: the sum of inputs; axes of extent 1 are spread.
public struct AddCombinator: Combinator {
  public static let kind = Kind(
    "add", summary: "Sum of inputs.", formula: "y = x1 + x2 + …; extents of 1 are spread, [C] over [C, …]",
    example: "sum: {add: [path, shortcut]}",
    table: FieldTable([Field("inputs", .list(.string, min: 1), doc: "Features or nodes to sum.")], primary: "inputs"))

  public init(_ values: FieldValues) {}

  init() {}

  public func outputShape(of inputs: [SampleShape]) throws(ShapeMismatch) -> SampleShape {
    try Broadcasting.outputShape(of: inputs, for: "add")
  }

  public func lower(_ inputs: [Value], into lowering: inout Lowering) -> Value {
    if inputs.count == 1 { return inputs[0] }
    let (values, target) = Broadcasting.align(inputs, into: &lowering)
    let spread = values.map { Broadcasting.expand($0, to: target, into: &lowering) }
    return lowering.apply(Add(spec: target, count: spread.count), to: spread)
  }
}
