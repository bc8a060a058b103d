import Spec

/// The rule of `plateau`, PyTorch's ReduceLROnPlateau: lower the rate when a figure has not improved for some epochs.
struct PlateauRule: Sendable {
  enum Threshold: String, Sendable {
    case relative = "rel"
    case absolute = "abs"
  }

  let metric: String
  let factor: Double
  let patience: Int
  let threshold: Double
  let thresholdMode: Threshold
  let cooldown: Int
  let minRate: Double

  /// Smaller changes of the rate are not made, as with PyTorch's `eps`.
  private static let smallestChange = 1e-8

  /// The state after an epoch whose figure is `value`. What is no number is no improvement.
  func next(_ state: PlateauState, value: Double) -> PlateauState {
    var state = state
    if state.best.map({ isBetter(value, than: $0) }) ?? !value.isNaN {
      state.best = value
      state.badEpochs = 0
    } else {
      state.badEpochs += 1
    }
    if state.cooldown > 0 {
      state.cooldown -= 1
      state.badEpochs = 0
    }
    if state.badEpochs > patience {
      let lower = max(state.rate * factor, minRate)
      if state.rate - lower > PlateauRule.smallestChange { state.rate = lower }
      state.cooldown = cooldown
      state.badEpochs = 0
    }
    return state
  }

  private func isBetter(_ value: Double, than best: Double) -> Bool {
    switch (MetricDirection(of: metric), thresholdMode) {
    case (.min, .relative): value < best * (1 - threshold)
    case (.min, .absolute): value < best - threshold
    case (.max, .relative): value > best * (1 + threshold)
    case (.max, .absolute): value > best + threshold
    }
  }
}

/// Where a `plateau` has come to. A checkpoint holds it.
public struct PlateauState: Sendable, Equatable {
  /// Which of the schedules it belongs to.
  public let schedule: Int
  /// The learning rate of the next epoch.
  public var rate: Double
  /// The best figure so far.
  public var best: Double?
  /// Epochs in a row without improvement.
  public var badEpochs = 0
  /// Epochs that are not yet counted after a reduction.
  public var cooldown = 0

  init(schedule: Int, rate: Double) {
    self.schedule = schedule
    self.rate = rate
  }
}
