import Spec
import TensorRuntime

/// positional_encoding: tells positions of [channels, length] apart, which attention alone does not.
public struct PositionalEncoding: PositionwiseLayer {
  public static let kind = Kind(
    "positional_encoding", summary: "Adds a vector of its own to every position.",
    formula: """
      [E, T] -> [E, T]; y[c, t] = x[c, t] + p[t, c]
      sinusoidal: p[t, 2i] = sin(t / 10000^(2i/E)), p[t, 2i + 1] = cos(t / 10000^(2i/E)); learned: p = weight [max_length, E]
      """,
    example: "positional_encoding: {kind: sinusoidal, dropout: 0.1}",
    table: FieldTable(
      [
        Field(
          "kind", .choice(["sinusoidal", "learned"]), default: .value(.string("sinusoidal")),
          doc: "Sinusoids of Vaswani et al. 2017, or vectors that are learned, first drawn with deviation 0.02."),
        Field(
          "max_length", .optional(.integer(min: 1)), default: .value(.none),
          doc: "Learned positions; inputs may not be longer. Not for sinusoidal, which has no end."),
        Field(
          "dropout", .number(min: 0, max: 1), default: .value(.number(0)),
          doc: "Probability that a value of the sum is zeroed while training."),
      ], primary: "kind"))

  let isLearned: Bool
  let maxLength: Int?
  let dropout: Double

  public init(_ values: FieldValues) {
    isLearned = values.string("kind") == "learned"
    maxLength = values.optionalInteger("max_length")
    dropout = values.number("dropout")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    _ = try input.channels(for: Self.kind.name, spatial: 1)
    guard isLearned else {
      if let maxLength {
        throw ShapeMismatch(
          "positional_encoding has max_length \(maxLength), but its kind is sinusoidal",
          detail: "Sinusoids go on for any length. Remove max_length, or set kind: learned.")
      }
      return input
    }
    guard let maxLength else {
      throw ShapeMismatch(
        "positional_encoding with kind learned needs max_length",
        detail: "It learns one vector for each position. Set max_length to the longest input, or use kind: sinusoidal.")
    }
    guard let length = input.extents[1].value, length <= maxLength else {
      let isOpen = input.extents[1].value == nil
      throw ShapeMismatch(
        "positional_encoding has \(maxLength) learned positions, but \(input) \(isOpen ? "can be longer" : "is longer")",
        detail: isOpen
          ? "The length of a clip is not known before it is read. Use a fixed length, or kind: sinusoidal."
          : "Set max_length to \(input.extents[1]) or more, pool before this layer, or use kind: sinusoidal.")
    }
    return input
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .channelsLast)
    let kind = isLearned ? maxLength.map { AddPositions.Kind.learned(positions: $0) } : nil
    let sum = lowering.apply(
      AddPositions(kind ?? .sinusoidal, batch: value.batch, channels: value.channels, length: value.spatial[0]),
      to: [value])
    return lowering.drop(sum, p: dropout, scope: "dropout")
  }
}
