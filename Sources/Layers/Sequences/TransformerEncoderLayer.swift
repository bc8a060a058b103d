import Spec
import TensorRuntime

/// transformer_encoder_layer: self-attention and a feed-forward map at every position, each with a shortcut and a layer
/// normalisation over the channels. Vaswani et al. 2017; fields, defaults and parameter names are those of
/// torch.nn.TransformerEncoderLayer with its biases.
public struct TransformerEncoderLayer: MaskedLayer {
  public static let kind = Kind(
    "transformer_encoder_layer", summary: "Self-attention and feed-forward map with shortcuts and normalisation.",
    formula: """
      [E, T] -> [E, T]; A = multi_head_attention, F(x) = W2 activation(W1 x + b1) + b2 with dim_feedforward values between
      x' = norm1(x + A(x)), y = norm2(x' + F(x')); with norm_first x' = x + A(norm1(x)), y = x' + F(norm2(x'))
      """,
    example: "transformer_encoder_layer: {num_heads: 4, dim_feedforward: 512}",
    table: FieldTable(
      [
        Field("num_heads", .integer(min: 1), doc: "Heads that the channels are divided into."),
        Field(
          "dim_feedforward", .integer(min: 1), default: .value(.integer(2048)),
          doc: "Values at a position between the two maps."),
        Field(
          "dropout", .number(min: 0, max: 1), default: .value(.number(0.1)),
          doc: "Probability of a zero while training: in attention weights, behind the activation, before each sum."),
        Field(
          "activation", .choice(["relu", "gelu"]), default: .value(.string("relu")), doc: "Between the two maps."),
        Field(
          "norm_first", .boolean, default: .value(.boolean(false)),
          doc: "Whether to normalise before attention and map rather than behind each sum."),
        Field("layer_norm_eps", .number(min: 0), default: .value(.number(1e-5)), doc: "Added to the variance."),
      ], primary: "num_heads"))

  let attention: SelfAttention
  let feedforward: Int
  let dropout: Double
  let isGelu: Bool
  let normFirst: Bool
  let epsilon: Double

  public init(_ values: FieldValues) {
    dropout = values.number("dropout")
    attention = SelfAttention(
      heads: values.integer("num_heads"), dropout: dropout, bias: true)
    feedforward = values.integer("dim_feedforward")
    isGelu = values.string("activation") == "gelu"
    normFirst = values.boolean("norm_first")
    epsilon = values.number("layer_norm_eps")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    let name = Self.kind.name
    let channels = try input.channels(for: name, spatial: 1)
    if let mismatch = SampleShape.headsMismatch(attention.heads, of: name, channels: channels) { throw mismatch }
    return input
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int {
    SelfAttention.multiplyAdds(channels: input[0], length: input[1]) + 2 * input[0] * feedforward * input[1]
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    var value = lowering.convert(input, to: .channelsLast)
    for part in 1...2 {
      let source = normFirst ? normalised(value, part, &lowering) : value
      let branch =
        part == 1
        ? attention.lower(source, mask: mask, scope: "self_attn", into: &lowering) : mapped(source, &lowering)
      let kept = lowering.drop(branch, p: dropout, scope: "dropout\(part)")
      value = lowering.apply(Add(spec: value.spec, count: 2), to: [value, kept])
      if !normFirst { value = normalised(value, part, &lowering) }
    }
    return value
  }

  private func normalised(_ value: Value, _ part: Int, _ lowering: inout Lowering) -> Value {
    lowering.applyToRows(value, scope: "norm\(part)") { rows in
      LayerNorm(shape: rows.shape, normalized: rows.shape[1], epsilon: epsilon, affine: true)
    }
  }

  private func mapped(_ value: Value, _ lowering: inout Lowering) -> Value {
    let inner = lowering.applyToRows(value, scope: "linear1") { rows in
      Linear(rows: rows.shape[0], inFeatures: rows.shape[1], outFeatures: feedforward, bias: true)
    }
    let active =
      isGelu
      ? Gelu(.standard(Gelu.kind.table)).lower(inner, into: &lowering)
      : lowering.apply(Activation(kind: .relu, spec: inner.spec), to: [inner])
    let kept = lowering.drop(active, p: dropout, scope: "dropout")
    return lowering.applyToRows(kept, scope: "linear2") { rows in
      Linear(rows: rows.shape[0], inFeatures: feedforward, outFeatures: value.channels, bias: true)
    }
  }
}
