import Spec
import TensorRuntime

/// gru: gated recurrent unit over [channels, length]. Cho et al. 2014, in PyTorch's form.
public struct GRULayer: MaskedLayer {
  public static let kind = Kind(
    "gru", summary: "Gated recurrent unit along the length.",
    formula: RecurrentFields.shapes + """

      r, z = sigmoid(W x + U h + b), each with weights of its own; n = tanh(W x + b + r (U h + b'))
      h' = (1 - z) n + z h, starting at zero
      """,
    example: "gru: {hidden_size: 128, output: last}", table: RecurrentFields.table)

  let fields: RecurrentFields

  public init(_ values: FieldValues) { fields = RecurrentFields(values) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, layer: "gru")
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int { fields.multiplyAdds(input: input, gates: 3) }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    fields.mask(behind: mask)
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    fields.lower(input, .gru, mask: mask, into: &lowering)
  }
}
