import Spec
import TensorRuntime

/// reshape: the same values, in PyTorch's order, under another shape.
public struct ReshapeLayer: PositionwiseLayer {
  public static let kind = Kind(
    "reshape", summary: "The same values under another shape.",
    formula: "[…] -> shape, where one extent may be -1: what is left of the values", example: "reshape: [64, -1]",
    table: FieldTable(
      [
        Field(
          "shape", .list(.integer(min: -1), min: 1, max: 4),
          doc: "Shape of a sample, without the batch; one extent may be -1.")
      ], primary: "shape"))

  let shape: [Int]

  public init(_ values: FieldValues) { shape = values.integers("shape") }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    let open = shape.count { $0 == -1 }
    guard open <= 1, !shape.contains(0) else {
      throw ShapeMismatch(
        "reshape cannot make the shape \(shape)", detail: "Extents are positive; one of them may be -1.")
    }
    let given = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
    let values = input.extents.compactMap(\.value).reduce(1, *)
    let rest: Extent?
    switch input.rank - input.extents.compactMap(\.value).count {
    case 0: rest = values % given == 0 && (open == 1 || values == given) ? .known(values / given) : nil
    // The open length can be what is left where all the rest is used up.
    case 1: rest = open == 1 && values == given ? input.extents.first { $0.value == nil } : nil
    default: rest = nil
    }
    guard let rest else {
      throw ShapeMismatch(
        "reshape cannot make \(shape) of \(input)",
        detail: input.known.map {
          "The input has \($0.reduce(1, *)) values, the shape \(open == 1 ? "a multiple of " : "")\(given)."
        }
          ?? "The length of a clip is not known; it can only be what -1 stands for, with all other values used up.")
    }
    return SampleShape(shape.map { $0 == -1 ? rest : .known($0) })
  }

  /// Time stays the last axis or is lost sight of.
  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    let others = input.extents.dropLast().compactMap(\.value)
    guard shape.last == -1, others.count == input.rank - 1, others.reduce(1, *) == shape.dropLast().reduce(1, *) else {
      throw ShapeMismatch(
        "reshape to \(shape) loses sight of where a clip ends",
        detail: "With `masks` the length must stay the last axis: end the shape with -1.")
    }
    return mask
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .canonical)
    let given = shape.reduce(value.batch) { $1 == -1 ? $0 : $0 * $1 }
    let rest = given == 0 ? 0 : value.spec.shape.count / given
    return lowering.reshape(value, to: Shape([value.batch] + shape.map { $0 == -1 ? rest : $0 }))
  }
}
