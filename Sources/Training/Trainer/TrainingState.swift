import Diagnostics

/// How far a training is, and all it needs to go on beside weights and the optimizer's state. Random numbers need no
/// state of their own: they follow from the seed and these counts.
public struct TrainingState: Sendable, Equatable {
  /// Finished epochs.
  public var epoch = 0
  /// Finished steps of the epoch under way.
  public var step = 0
  /// Finished steps of the whole training.
  public var totalSteps = 0
  /// Sums over the epoch under way.
  public var sums = EpochSums()
  /// The finished epochs' figures.
  public var history: [EpochRecord] = []
  /// The epoch whose weights are in `checkpoints/best`, and the figure that it was chosen by.
  public var best: Best?
  /// Where a `plateau` schedule has come to.
  public var plateau: PlateauState?
  /// How long early stopping has waited for an improvement.
  public var waiting = Waiting()
  /// The epoch after which early stopping ended the training.
  public var stoppedAfter: Int?
  /// How often weights went into the average.
  public var averaged = 0
  /// The step at which the loss was no longer a number, which ends a training.
  public var divergedAt: Int?

  public init() {}

  /// The kept epoch.
  public struct Best: Sendable, Equatable {
    public let epoch: Int
    public let value: Double
  }

  /// What early stopping remembers.
  public struct Waiting: Sendable, Equatable {
    /// The best figure so far.
    public var best: Double?
    /// Epochs in a row without improvement.
    public var epochs = 0
  }

  /// What the training figures of an epoch are made from.
  public struct EpochSums: Sendable, Equatable {
    /// Sum of the batches' losses.
    public var loss = 0.0
    public var batches = 0
    /// Clips that the model, with dropout, had right.
    public var correct = 0
    public var clips = 0
  }
}

/// The figures of one epoch: a row of `metrics.csv`.
public struct EpochRecord: Sendable, Equatable {
  /// From 1.
  public let epoch: Int
  /// Of the epoch's last step.
  public let learningRate: Double
  /// Mean of the batches' losses.
  public let trainLoss: Double
  /// Share of right predictions during training, dropout included.
  public let trainAccuracy: Double
  /// Mean of the batches' losses.
  public let validationLoss: Double
  /// The spec's `train.metrics` on the validation set, in its order.
  public let validation: [Figure]

  package init(
    epoch: Int, learningRate: Double, trainLoss: Double, trainAccuracy: Double, validationLoss: Double,
    validation: [Figure]
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.validationLoss = validationLoss
    self.validation = validation
  }

  /// A named figure.
  public struct Figure: Sendable, Equatable {
    public let name: String
    public let value: Double

    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Names and values in the order of the table's columns: `train.loss`, `val.uar`.
  public var columns: [(name: String, value: Double)] {
    [
      ("learning_rate", learningRate), ("train.loss", trainLoss), ("train.accuracy", trainAccuracy),
      ("val.loss", validationLoss),
    ] + validation.map { ("val.\($0.name)", $0.value) }
  }

  /// The figure that `keep` names.
  public func figure(_ name: String) -> Double? { columns.first { $0.name == name }?.value }
}
