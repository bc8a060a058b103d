import Spec
import TensorRuntime

/// attentive_stats_pool: mean and standard deviation over positions under learned weights. Okabe, Koshinaka, Shinoda 2018,
/// "Attentive statistics pooling for deep speaker embedding". Its constant k is left out: a softmax does not see it.
public struct AttentiveStatsPool: MaskedLayer {
  public static let kind = Kind(
    "attentive_stats_pool", summary: "Mean and standard deviation over positions, weighted by attention.",
    formula: """
      [C, T] -> [2 C]; a = softmax over t of v · tanh(W x[:, t] + b), W [attention_channels, C]
      mean = Σ a[t] x[:, t]; deviation = sqrt(Σ a[t] (x[:, t] - mean)² + eps); y = [mean, deviation]
      """,
    example: "attentive_stats_pool: {attention_channels: 128}",
    table: FieldTable(
      [
        Field(
          "attention_channels", .integer(min: 1), default: .value(.integer(128)),
          doc: "Values that a position's weight is made from."),
        Field(
          "eps", .number(min: 0, exclusiveMin: true), default: .value(.number(1e-5)),
          doc: "Added to the variance, so that its root has a gradient everywhere."),
      ], primary: "attention_channels"))

  let attentionChannels: Int
  let epsilon: Double

  public init(_ values: FieldValues) {
    attentionChannels = values.integer("attention_channels")
    epsilon = values.number("eps")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    SampleShape([2 * (try input.channels(for: Self.kind.name, spatial: 1))])
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int { attentionChannels * (input[0] + 1) * input[1] }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? { nil }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .channelsLast)
    let (batch, length) = (value.batch, value.spatial[0])
    let inner = lowering.applyToRows(value, scope: "attention") { rows in
      Linear(rows: rows.shape[0], inFeatures: rows.shape[1], outFeatures: attentionChannels, bias: true)
    }
    let squashed = Tanh(.standard(Tanh.kind.table)).lower(inner, into: &lowering)
    let scores = lowering.apply(
      Linear(rows: batch * length, inFeatures: attentionChannels, outFeatures: 1, bias: false), to: [squashed.rows],
      scope: "score")
    var table = lowering.reshape(scores, to: [batch, length])
    if let mask {
      let positions = Value(id: table.id, spec: TensorSpec([batch, 1, length], .channelsLast))
      let filled = lowering.fill(positions, with: MaskFill.lowest, mask)
      table = Value(id: filled.id, spec: table.spec)
    }
    let weights = lowering.apply(Softmax(spec: table.spec, axis: 1), to: [table])
    return lowering.apply(
      WeightedStatistics(batch: batch, channels: value.channels, length: length, epsilon: epsilon),
      to: [value, weights])
  }
}
