import Spec
import TensorRuntime

/// flatten: neighbouring axes of a sample in one, in PyTorch's order.
public struct FlattenLayer: Layer {
  public static let kind = Kind(
    "flatten", summary: "Several axes in one, the first outermost.", formula: "[C, H, W] -> [C H W]",
    example: "flatten",
    table: FieldTable([
      Field("start_dim", .integer(), default: .value(.integer(0)), doc: "First axis of the sample to join, from 0."),
      Field(
        "end_dim", .integer(), default: .value(.integer(-1)),
        doc: "Last axis to join; negative numbers count from the end, -1 is the last."),
    ]))

  let start: Int
  let end: Int

  public init(_ values: FieldValues) {
    start = values.integer("start_dim")
    end = values.integer("end_dim")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard let axes = axes(rank: input.rank) else {
      throw ShapeMismatch(
        "flatten cannot join the axes \(start) to \(end) of \(input)",
        detail: "The sample has \(input.rank) axes, which count from 0 or, negative, from the end; "
          + "start_dim must not lie behind end_dim.")
    }
    if axes.count == 1 { return input }
    let joined = input.extents[axes].compactMap(\.value)
    guard joined.count == axes.count else {
      throw ShapeMismatch(
        "flatten needs a known shape, found \(input)",
        detail: "The length of a clip is not known before it is read. Pool first, use a fixed length, or leave that "
          + "axis out by start_dim and end_dim.")
    }
    return SampleShape(
      Array(input.extents[..<axes.lowerBound]) + [.known(joined.reduce(1, *))]
        + Array(input.extents[(axes.upperBound + 1)...]))
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let extents = Array(input.spec.shape.extents.dropFirst())
    guard let axes = axes(rank: extents.count), axes.count > 1 else { return input }
    let joined = [extents[axes].reduce(1, *)]
    let shape = extents[..<axes.lowerBound] + joined + extents[(axes.upperBound + 1)...]
    return lowering.reshape(lowering.convert(input, to: .canonical), to: Shape([input.batch] + shape))
  }

  /// The axes to join; nil where they are not there.
  private func axes(rank: Int) -> ClosedRange<Int>? {
    let (first, last) = (start < 0 ? start + rank : start, end < 0 ? end + rank : end)
    return first >= 0 && first <= last && last < rank ? first...last : nil
  }
}
