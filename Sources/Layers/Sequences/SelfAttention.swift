import TensorRuntime

/// Self-attention as a part: what multi_head_attention is and transformer_encoder_layer holds. Parameters have the names
/// and first values of torch.nn.MultiheadAttention.
struct SelfAttention: Sendable {
  let heads: Int
  /// Of the attention weights.
  let dropout: Double
  let bias: Bool

  /// Maps channels-last `value` [N, E, T] to the same shape.
  ///
  /// - Parameter scope: put before the parameters' names.
  func lower(_ value: Value, mask: TimeMask?, scope: String? = nil, into lowering: inout Lowering) -> Value {
    let channels = value.channels
    let projected = lowering.applyToRows(value, scope: scope) { rows in
      // Xavier's bound over the three maps as one (Glorot, Bengio 2010), as PyTorch has it.
      let bound = (6 / Float(4 * channels)).squareRoot()
      return Linear(rows: rows.shape[0], inFeatures: channels, outFeatures: 3 * channels, bias: bias).with(
        parameters: [
          ParameterSpec("in_proj_weight", [3 * channels, channels], initialisation: .uniform(bound: bound))
        ] + (bias ? [ParameterSpec("in_proj_bias", [3 * channels], initialisation: .constant(0))] : []))
    }
    let attended = lowering.apply(
      Attention(
        batch: value.batch, channels: channels, length: value.spatial[0], heads: heads, dropout: dropout,
        ends: mask?.lengths),
      to: [projected] + (mask.map { [lowering.lengths(of: $0)] } ?? []), scope: scope)
    return lowering.applyToRows(attended, scope: (scope.map { $0 + "." } ?? "") + "out_proj") { rows in
      let linear = Linear(rows: rows.shape[0], inFeatures: channels, outFeatures: channels, bias: bias)
      return linear.with(
        parameters: [linear.parameters[0]]
          + (bias ? [ParameterSpec("bias", [channels], initialisation: .constant(0))] : []))
    }
  }

  /// Multiply-adds of the maps of queries, keys, values and output.
  static func multiplyAdds(channels: Int, length: Int) -> Int { 4 * channels * channels * length }
}
