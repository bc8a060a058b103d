/// What an operation's time counts as, where the time of a whole step is divided up.
public enum OperationKind: String, Sendable, CaseIterable {
  case convolution
  case linear
  case recurrence
  case attention
  case normalisation
  case activation
  case pooling
  case dropout
  /// One pass over the data that does several of these at once.
  case fused = "fused passes"
  /// Several tensors, or a tensor and a factor for each channel, become one: sums, products, concatenations.
  case joining
  /// The same values in another shape or order.
  case reshaping
  case other
}

// All kinds in one place, so that they stay apart the same way everywhere.

extension Convolution { public var operationKind: OperationKind { .convolution } }
extension Linear { public var operationKind: OperationKind { .linear } }
extension Recurrent { public var operationKind: OperationKind { .recurrence } }

extension Attention { public var operationKind: OperationKind { .attention } }
extension Softmax { public var operationKind: OperationKind { .attention } }

extension GroupNorm { public var operationKind: OperationKind { .normalisation } }
extension BatchNorm { public var operationKind: OperationKind { .normalisation } }
extension MaskedGroupNorm { public var operationKind: OperationKind { .normalisation } }
extension MaskedBatchNorm { public var operationKind: OperationKind { .normalisation } }
extension LayerNorm { public var operationKind: OperationKind { .normalisation } }

extension Activation { public var operationKind: OperationKind { .activation } }
extension FormulaActivation { public var operationKind: OperationKind { .activation } }

extension MaxPool { public var operationKind: OperationKind { .pooling } }
extension AdaptiveMaxPool { public var operationKind: OperationKind { .pooling } }
extension AveragePool { public var operationKind: OperationKind { .pooling } }
extension GlobalAveragePool { public var operationKind: OperationKind { .pooling } }
extension MaskedMean { public var operationKind: OperationKind { .pooling } }
extension WeightedStatistics { public var operationKind: OperationKind { .pooling } }

extension Dropout { public var operationKind: OperationKind { .dropout } }
extension BlockDropout { public var operationKind: OperationKind { .dropout } }

extension Add { public var operationKind: OperationKind { .joining } }
extension Multiply { public var operationKind: OperationKind { .joining } }
extension ChannelGate { public var operationKind: OperationKind { .joining } }
extension ChannelScale { public var operationKind: OperationKind { .joining } }
extension Concat { public var operationKind: OperationKind { .joining } }
extension AddPositions { public var operationKind: OperationKind { .joining } }

extension MaskFill { public var operationKind: OperationKind { .reshaping } }
extension Expand { public var operationKind: OperationKind { .reshaping } }
extension Permute { public var operationKind: OperationKind { .reshaping } }
extension LayoutConversion { public var operationKind: OperationKind { .reshaping } }
extension Upsample { public var operationKind: OperationKind { .reshaping } }
extension SelectPosition { public var operationKind: OperationKind { .reshaping } }

extension FusedChain { public var operationKind: OperationKind { .fused } }
