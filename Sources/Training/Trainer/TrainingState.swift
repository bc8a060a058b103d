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
  /// The step at which the loss was no longer a number, which ends a training.
  public var divergedAt: Int?

  public init() {}

  /// The kept epoch.
  public struct Best: Sendable, Equatable {
    public let epoch: Int
    public let value: Double
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

extension TrainingState {
  /// The content of a checkpoint's `state.json`. Numbers are in their shortest exact form, so that nothing changes on the way.
  var json: JSON {
    [
      "epoch": .integer(epoch), "step": .integer(step), "total_steps": .integer(totalSteps),
      "sums": [
        "loss": .number(sums.loss), "batches": .integer(sums.batches), "correct": .integer(sums.correct),
        "clips": .integer(sums.clips),
      ],
      "best": best.map { ["epoch": .integer($0.epoch), "value": .number($0.value)] } ?? .null,
      "diverged_at": .optional(divergedAt), "history": .array(history.map(\.json)),
    ]
  }

  /// Reads `json` back; nil where it is not such a document.
  init?(json: JSON) {
    guard let epoch = json["epoch"]?.asInteger, let step = json["step"]?.asInteger,
      let total = json["total_steps"]?.asInteger, let sums = json["sums"], let loss = sums["loss"]?.asNumber,
      let batches = sums["batches"]?.asInteger, let correct = sums["correct"]?.asInteger,
      let clips = sums["clips"]?.asInteger, let rows = json["history"]?.asArray, epoch >= 0, step >= 0
    else { return nil }
    self.epoch = epoch
    self.step = step
    totalSteps = total
    self.sums = EpochSums(loss: loss, batches: batches, correct: correct, clips: clips)
    if let best = json["best"], let at = best["epoch"]?.asInteger, let value = best["value"]?.asNumber {
      self.best = Best(epoch: at, value: value)
    }
    divergedAt = json["diverged_at"]?.asInteger
    history = rows.compactMap { EpochRecord(json: $0) }
    guard history.count == rows.count, history.count == epoch else { return nil }
  }
}

extension EpochRecord {
  /// A row of `metrics.jsonl`.
  var json: JSON {
    .object([(key: "epoch", value: .integer(epoch))] + columns.map { (key: $0.name, value: .number($0.value)) })
  }

  init?(json: JSON) {
    // A figure that was no number is null in JSON.
    func number(_ key: String) -> Double? { json[key].map { $0.asNumber ?? .nan } }
    guard let members = json.asObject, let epoch = json["epoch"]?.asInteger, let rate = number("learning_rate"),
      let trainLoss = number("train.loss"), let trainAccuracy = number("train.accuracy"),
      let validationLoss = number("val.loss")
    else { return nil }
    self.init(
      epoch: epoch, learningRate: rate, trainLoss: trainLoss, trainAccuracy: trainAccuracy,
      validationLoss: validationLoss,
      validation: members.filter { $0.key.hasPrefix("val.") && $0.key != "val.loss" }.map {
        Figure(name: String($0.key.dropFirst(4)), value: $0.value.asNumber ?? .nan)
      })
  }
}
