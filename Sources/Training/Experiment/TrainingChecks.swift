import Diagnostics
import Spec

/// What can be said of `train` beyond its field tables.
enum TrainingChecks {
  /// - Returns: `schedule.*`, `optimizer.nesterov`, `loss.class` and `average.never`.
  static func check(_ spec: ExperimentSpec) -> [Diagnostic] {
    let train = spec.train
    let optimizer = OptimizerSettings(train.optimizer)
    return LearningRateSchedule.diagnostics(
      for: train.schedule, baseRate: optimizer.learningRate, momentum: optimizer.momentum, epochs: train.epochs.value)
      + OptimizerSettings.diagnostics(for: train.optimizer)
      + LossSettings.diagnostics(for: train.loss, classes: spec.corpus.classes.map(\.name))
      + neverAveraged(train)
  }

  private static func neverAveraged(_ train: TrainingSpec) -> [Diagnostic] {
    guard let step = train.average, case .equal(let first) = WeightAverageSettings(step).rule,
      first > train.epochs.value
    else { return [] }
    return [
      Diagnostic(
        "average.never", .warning, "the training is over before '\(step.kind.value)' begins",
        detail: """
          It averages from epoch \(first) on, the training has \(train.epochs.value): the last weights are taken as \
          they are. Begin earlier, or train for longer.
          """, at: step.span)
    ]
  }
}
