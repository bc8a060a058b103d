import Spec
import TensorRuntime

/// concat: inputs one behind the other along the first axis, channels or features.
public struct ConcatCombinator: Combinator {
  public static let kind = Kind(
    "concat", summary: "Joins inputs along the channel or feature axis.", formula: "[A, …], [B, …] -> [A + B, …]",
    example: "fused: {concat: [time_path, image_path]}",
    table: FieldTable(
      [Field("inputs", .list(.string, min: 1), doc: "Features or nodes to join, in order.")], primary: "inputs"))

  public init(_ values: FieldValues) {}

  public func outputShape(of inputs: [SampleShape]) throws(ShapeMismatch) -> SampleShape {
    let first = inputs[0]
    for other in inputs.dropFirst() where other.extents.dropFirst() != first.extents.dropFirst() {
      throw ShapeMismatch(
        "concat cannot join \(first) and \(other)",
        detail:
          "All axes but the first must be equal. Pool both inputs to the same shape first, for example with global_avg_pool."
      )
    }
    var sum = 0
    for input in inputs {
      guard let channels = input.extents.first?.value else {
        throw ShapeMismatch(
          "concat needs a known first axis, found \(input)",
          detail: "The length of a clip cannot be joined as channels.")
      }
      sum += channels
    }
    return SampleShape([.known(sum)] + first.extents.dropFirst())
  }

  public func lower(_ inputs: [Value], into lowering: inout Lowering) -> Value {
    if inputs.count == 1 { return inputs[0] }
    let layout = SampleShape.layout(rank: inputs[0].spec.shape.rank - 1)
    let values = inputs.map { lowering.convert($0, to: layout) }
    return lowering.apply(Concat(specs: values.map(\.spec)), to: values)
  }
}
