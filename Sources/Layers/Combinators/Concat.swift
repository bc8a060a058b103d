import Spec
import TensorRuntime

/// concat: inputs one behind the other along an axis, the channels or features unless said otherwise.
public struct ConcatCombinator: Combinator {
  public static let kind = Kind(
    "concat", summary: "Joins inputs along an axis.", formula: "[A, …], [B, …] -> [A + B, …]",
    example: "fused: {concat: [time_path, image_path]}",
    table: FieldTable(
      [
        Field("inputs", .list(.string, min: 1), doc: "Features or nodes to join, in order."),
        Field(
          "axis", .integer(min: 0), default: .value(.integer(0)),
          doc: "Axis of a sample to join along; 0 is the channels or features."),
      ], primary: "inputs"))

  let axis: Int

  public init(_ values: FieldValues) { axis = values.integer("axis") }

  public func outputShape(of inputs: [SampleShape]) throws(ShapeMismatch) -> SampleShape {
    let first = inputs[0]
    guard axis < first.rank else {
      throw ShapeMismatch(
        "concat has axis \(axis), but \(first) has only \(first.rank)", detail: "Axes count from 0, without the batch.")
    }
    func others(_ shape: SampleShape) -> [Extent] { Array(shape.extents[..<axis] + shape.extents[(axis + 1)...]) }
    for other in inputs.dropFirst() where other.rank != first.rank || others(other) != others(first) {
      throw ShapeMismatch(
        "concat cannot join \(first) and \(other)",
        detail: "All axes but \(axis == 0 ? "the first" : "axis \(axis)") must be equal. "
          + "Pool both inputs to the same shape first, for example with global_avg_pool.")
    }
    let parts = inputs.map { $0.extents[axis] }
    let known = parts.compactMap(\.value)
    var extents = first.extents
    if known.count == parts.count {
      extents[axis] = .known(known.reduce(0, +))
    } else if inputs.count > 1 {
      guard axis > 0 else {
        throw ShapeMismatch(
          "concat needs a known first axis, found \(inputs.first { $0.extents[0].value == nil } ?? first)",
          detail: "The length of a clip cannot be joined as channels.")
      }
      extents[axis] = .expression("(" + parts.map(\.description).joined(separator: " + ") + ")")
    }
    return SampleShape(extents)
  }

  public func mask(of inputs: [TimeMask?], shapes: [SampleShape]) throws(ShapeMismatch) -> TimeMask? {
    if axis > 0, axis == shapes[0].rank - 1, inputs.contains(where: { $0 != nil }) {
      throw ShapeMismatch(
        "concat cannot put clips behind each other that have padding between them",
        detail: "With `masks` join channels (axis: 0), or pool the inputs before.")
    }
    return try joinedMask(inputs)
  }

  public func lower(_ inputs: [Value], into lowering: inout Lowering) -> Value {
    if inputs.count == 1 { return inputs[0] }
    let layout = SampleShape.layout(rank: inputs[0].spec.shape.rank - 1)
    let values = inputs.map { lowering.convert($0, to: layout) }
    return lowering.apply(Concat(specs: values.map(\.spec), axis: axis + 1), to: values)
  }
}
