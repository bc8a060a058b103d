import Spec
import TensorRuntime

/// permute: the axes of a sample in another order; `permute: [1, 0]` makes [T, C] of [C, T].
public struct PermuteLayer: Layer {
  public static let kind = Kind(
    "permute", summary: "Axes in another order.", formula: "axis i of the output is axis dims[i] of the input",
    example: "permute: [1, 0]",
    table: FieldTable(
      [
        Field(
          "dims", .list(.integer(min: 0), min: 1, max: 4),
          doc: "The sample's axes, from 0 and without the batch, in their new order.")
      ], primary: "dims"))

  let dims: [Int]

  public init(_ values: FieldValues) { dims = values.integers("dims") }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard dims.sorted() == Array(0..<input.rank) else {
      throw ShapeMismatch(
        "permute cannot put the axes of \(input) in the order \(dims)",
        detail: "dims must name each of the \(input.rank) axes once, from 0 to \(input.rank - 1).")
    }
    return SampleShape(dims.map { input.extents[$0] })
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let order = [0] + dims.map { $0 + 1 }
    let shape = Shape(order.map { input.spec.shape[$0] })
    // Channels-last memory is another order of axes already: some permutations move nothing.
    let inMemory = input.spec.layout.memoryOrder(rank: order.count)
    for layout in [Layout.canonical, .channelsLast]
    where layout.memoryOrder(rank: order.count).map({ order[$0] }) == inMemory {
      return Value(id: input.id, spec: TensorSpec(shape, layout))
    }
    let value = lowering.convert(input, to: .canonical)
    return lowering.apply(Permute(shape: value.spec.shape, order: order), to: [value])
  }
}
