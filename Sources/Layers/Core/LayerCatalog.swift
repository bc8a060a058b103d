import Spec

/// Every layer and combinator that a spec can name.
public enum LayerCatalog {
  /// In the order in which `serspec layers` lists them.
  public static let layers: [any Layer.Type] = [
    Conv1d.self, Conv2d.self,
    GroupNormLayer.self, LayerNormLayer.self,
    Relu.self, Silu.self, Elu.self,
    MaxPool1d.self, MaxPool2d.self, GlobalAvgPool.self,
    LinearLayer.self, FlattenLayer.self,
    DropoutLayer.self,
    LSTMLayer.self, GRULayer.self,
    MultiHeadAttention.self, PositionalEncoding.self, TransformerEncoderLayer.self,
    AttentiveStatsPool.self, SoftmaxLayer.self,
  ]

  public static let combinators: [any Combinator.Type] = [ConcatCombinator.self, AddCombinator.self]

  /// The kinds for the language's vocabulary.
  public static let vocabulary: [VocabularyPart: [Kind]] = [
    .layer: layers.map { $0.kind }, .combinator: combinators.map { $0.kind },
  ]

  private static let layersByName = Dictionary(uniqueKeysWithValues: layers.map { ($0.kind.name, $0) })
  private static let combinatorsByName = Dictionary(uniqueKeysWithValues: combinators.map { ($0.kind.name, $0) })

  /// The layer that `step` names; nil where `step` was decoded with another vocabulary.
  public static func layer(_ step: Step) -> (any Layer)? {
    layersByName[step.kind.value]?.init(step.values)
  }

  /// The combinator that `step` names; nil where `step` was decoded with another vocabulary.
  public static func combinator(_ step: Step) -> (any Combinator)? {
    combinatorsByName[step.kind.value]?.init(step.values)
  }
}
