import Spec
import TensorRuntime

/// multi_head_attention: self-attention over the positions of [channels, length]. Vaswani et al. 2017, "Attention is all
/// you need".
public struct MultiHeadAttention: MaskedLayer {
  public static let kind = Kind(
    "multi_head_attention", summary: "Self-attention: every position reads from all positions.",
    formula: """
      [E, T] -> [E, T]; Q, K, V = W x + b at every position, split into num_heads heads of d = E / num_heads channels
      y = W_o [softmax(Q K^T / sqrt(d)) V of every head] + b_o
      """,
    example: "multi_head_attention: {num_heads: 4, dropout: 0.1}",
    table: FieldTable(
      [
        Field("num_heads", .integer(min: 1), doc: "Heads that the channels are divided into."),
        Field(
          "dropout", .number(min: 0, max: 1), default: .value(.number(0)),
          doc: "Probability that an attention weight is zeroed while training."),
        Field("bias", .boolean, default: .value(.boolean(true)), doc: "Whether the maps have learnable biases."),
      ], primary: "num_heads"))

  let attention: SelfAttention

  public init(_ values: FieldValues) {
    attention = SelfAttention(
      heads: values.integer("num_heads"), dropout: values.number("dropout"), bias: values.boolean("bias"))
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    let name = Self.kind.name
    let channels = try input.channels(for: name, spatial: 1)
    if let mismatch = SampleShape.headsMismatch(attention.heads, of: name, channels: channels) { throw mismatch }
    return input
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int {
    SelfAttention.multiplyAdds(channels: input[0], length: input[1])
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    attention.lower(lowering.convert(input, to: .channelsLast), mask: mask, into: &lowering)
  }
}
