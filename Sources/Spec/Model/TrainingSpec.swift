import Diagnostics
import Syntax

/// How the model is trained.
public struct TrainingSpec: Sendable {
  public let epochs: Located<Int>
  public let batchSize: Int
  /// Batches in a step.
  public let accumulate: Int
  public let optimizer: Step
  public let schedule: [Step]
  public let loss: Step
  public let clipping: GradientClipping?
  /// A kind of `.weightAverage`.
  public let average: Step?
  public let earlyStopping: EarlyStoppingRule?
  /// Which epoch's weights are tested.
  public let keep: KeepRule
  /// The figures of `metrics.csv` for each epoch.
  public let metrics: [String]
}

/// Whether a figure is better when it is lower or when it is higher.
public enum MetricDirection: String, Sendable, CaseIterable {
  case min, max

  /// That of a figure of `keepMetrics`.
  public init(of metric: String) { self = metric == "val.loss" ? .min : .max }
}

/// Keep the checkpoint in which `metric` is lowest or highest.
public struct KeepRule: Sendable {
  public typealias Direction = MetricDirection

  public let direction: Direction
  /// One of `keepMetrics`.
  public let metric: String
}

/// A bound on gradients.
public enum GradientClipping: Hashable, Sendable {
  /// Of the norm of all gradients together, as `torch.nn.utils.clip_grad_norm_`.
  case norm(Double)
  /// Of each value's magnitude, as `torch.nn.utils.clip_grad_value_`.
  case value(Double)
}

/// End the training after `patience` epochs in a row in which `metric` was not better than its best by more than `minDelta`.
public struct EarlyStoppingRule: Hashable, Sendable {
  public let patience: Int
  /// One of `keepMetrics`.
  public let metric: String
  public let minDelta: Double

  public init(patience: Int, metric: String, minDelta: Double) {
    self.patience = patience
    self.metric = metric
    self.minDelta = minDelta
  }
}
