import Spec
import TensorRuntime

/// lstm: long short-term memory over [channels, length]. Hochreiter, Schmidhuber 1997.
public struct LSTMLayer: MaskedLayer {
  public static let kind = Kind(
    "lstm", summary: "Long short-term memory along the length.",
    formula: RecurrentFields.shapes + """

      i, f, o = sigmoid(W x + U h + b), g = tanh(W x + U h + b), each with weights of its own
      c' = f c + i g; h' = o tanh(c'), starting at zero
      """,
    example: "lstm: {hidden_size: 128, bidirectional: true}", table: RecurrentFields.table)

  let fields: RecurrentFields

  public init(_ values: FieldValues) { fields = RecurrentFields(values) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, layer: "lstm")
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int { fields.multiplyAdds(input: input, gates: 4) }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    fields.mask(behind: mask)
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    fields.lower(input, .lstm, mask: mask, into: &lowering)
  }
}
