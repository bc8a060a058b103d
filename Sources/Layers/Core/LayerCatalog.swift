import Spec

/// Every layer and combinator that a spec can name.
public enum LayerCatalog {
  /// In the order in which `serspec layers` lists them.
  public static let layers: [any Layer.Type] = [
    Conv1d.self, Conv2d.self,
    BatchNormLayer.self, GroupNormLayer.self, LayerNormLayer.self, InstanceNormLayer.self, ScaleLayer.self,
    Relu.self, Silu.self, Elu.self,
    Relu6.self, LeakyRelu.self, Prelu.self, Selu.self, Gelu.self, Mish.self, Hardswish.self, Hardsigmoid.self,
    Hardtanh.self, Sigmoid.self, Tanh.self, Softplus.self, Softsign.self, LogSigmoid.self, FormulaLayer.self,
    MaxPool1d.self, MaxPool2d.self, AvgPool1d.self, AvgPool2d.self,
    AdaptiveAvgPool1d.self, AdaptiveAvgPool2d.self, AdaptiveMaxPool1d.self, AdaptiveMaxPool2d.self,
    GlobalAvgPool.self, GlobalMaxPool.self,
    LinearLayer.self, SqueezeExcitation.self,
    FlattenLayer.self, ReshapeLayer.self, PermuteLayer.self, UpsampleLayer.self,
    DropoutLayer.self, SpatialDropout.self, DropPath.self,
    LSTMLayer.self, GRULayer.self,
    MultiHeadAttention.self, PositionalEncoding.self, TransformerEncoderLayer.self,
    AttentiveStatsPool.self, SoftmaxLayer.self,
  ]

  /// Layers that are made of other layers.
  public static let composites: [any Composite.Type] = [Residual.self, Parallel.self]

  public static let combinators: [any Combinator.Type] = [
    ConcatCombinator.self, AddCombinator.self, MulCombinator.self,
  ]

  /// The kinds for the language's vocabulary.
  public static let vocabulary: [VocabularyPart: [Kind]] = [
    .layer: layers.map { $0.kind } + composites.map { $0.kind } + [repeatKind],
    .combinator: combinators.map { $0.kind },
  ]

  private static let layersByName = Dictionary(uniqueKeysWithValues: layers.map { ($0.kind.name, $0) })
  private static let compositesByName = Dictionary(uniqueKeysWithValues: composites.map { ($0.kind.name, $0) })
  private static let combinatorsByName = Dictionary(uniqueKeysWithValues: combinators.map { ($0.kind.name, $0) })

  /// The layer that `step` names; nil where `step` was decoded with another vocabulary.
  public static func layer(_ step: Step) -> (any Layer)? {
    layersByName[step.kind.value]?.init(step.values)
  }

  /// The composite that `step` names; nil where that is a single layer.
  public static func composite(_ step: Step) -> (any Composite)? {
    compositesByName[step.kind.value]?.init(step.values)
  }

  /// The combinator that `step` names; nil where `step` was decoded with another vocabulary.
  public static func combinator(_ step: Step) -> (any Combinator)? {
    combinatorsByName[step.kind.value]?.init(step.values)
  }
}
