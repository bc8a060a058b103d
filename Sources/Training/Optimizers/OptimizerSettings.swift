import Diagnostics
import Spec

/// A decoded use of one of `OptimizerCatalog.kinds`.
public enum OptimizerSettings: Hashable, Sendable {
  case adam(AdamSettings)
  case sgd(SGDSettings)
  case rmsprop(RMSpropSettings)

  /// - Parameter step: a use of a kind of the catalog.
  public init(_ step: Step) {
    switch step.kind.value {
    case "adam": self = .adam(AdamSettings(step.values, isDecoupled: false))
    case "adamw": self = .adam(AdamSettings(step.values, isDecoupled: true))
    case "sgd": self = .sgd(SGDSettings(step.values))
    case "rmsprop": self = .rmsprop(RMSpropSettings(step.values))
    default: preconditionFailure("'\(step.kind.value)' is not in the catalog of optimizers")
    }
  }

  /// The optimizer's buffers, each as large as all parameters, by their names in checkpoints.
  public var stateNames: [String] {
    switch self {
    case .adam(let adam): ["first_moment", "second_moment"] + (adam.isAMSGrad ? ["largest_second_moment"] : [])
    case .sgd(let sgd): sgd.momentum > 0 ? ["momentum"] : []
    case .rmsprop(let rmsprop):
      ["mean_square"] + (rmsprop.isCentered ? ["mean"] : []) + (rmsprop.momentum > 0 ? ["momentum"] : [])
    }
  }

  /// The learning rate that schedules start from.
  public var learningRate: Double {
    switch self {
    case .adam(let settings): settings.learningRate
    case .sgd(let settings): settings.learningRate
    case .rmsprop(let settings): settings.learningRate
    }
  }

  /// What schedules that cycle the momentum change: `momentum`, or Adam's first beta.
  public var momentum: Double {
    switch self {
    case .adam(let settings): settings.beta1
    case .sgd(let settings): settings.momentum
    case .rmsprop(let settings): settings.momentum
    }
  }

  /// What no field table can say: Nesterov's momentum without momentum, or with dampening.
  static func diagnostics(for step: Step) -> [Diagnostic] {
    guard case .sgd(let sgd) = OptimizerSettings(step), sgd.isNesterov, sgd.momentum == 0 || sgd.dampening > 0
    else { return [] }
    return [
      Diagnostic(
        "optimizer.nesterov", .error,
        sgd.momentum == 0 ? "'nesterov' needs momentum" : "'nesterov' does not go with dampening",
        detail: "Give 'momentum' above 0 and leave 'dampening' at 0, or leave out 'nesterov'.", at: step.span)
    ]
  }
}

/// The numbers of `adam` and `adamw`.
public struct AdamSettings: Hashable, Sendable {
  public let learningRate: Double
  public let beta1: Double
  public let beta2: Double
  public let epsilon: Double
  public let weightDecay: Double
  /// Whether the weights shrink by themselves: AdamW.
  public let isDecoupled: Bool
  public let isAMSGrad: Bool

  init(_ values: FieldValues, isDecoupled: Bool) {
    let pair = values.numbers("betas")
    learningRate = values.number("lr")
    beta1 = pair[0]
    beta2 = pair[1]
    epsilon = values.number("eps")
    weightDecay = values.number("weight_decay")
    self.isDecoupled = isDecoupled
    isAMSGrad = values.boolean("amsgrad")
  }
}

/// The numbers of `sgd`.
public struct SGDSettings: Hashable, Sendable {
  public let learningRate: Double
  public let momentum: Double
  public let dampening: Double
  public let weightDecay: Double
  public let isNesterov: Bool

  init(_ values: FieldValues) {
    learningRate = values.number("lr")
    momentum = values.number("momentum")
    dampening = values.number("dampening")
    weightDecay = values.number("weight_decay")
    isNesterov = values.boolean("nesterov")
  }
}

/// The numbers of `rmsprop`.
public struct RMSpropSettings: Hashable, Sendable {
  public let learningRate: Double
  public let alpha: Double
  public let epsilon: Double
  public let weightDecay: Double
  public let momentum: Double
  public let isCentered: Bool

  init(_ values: FieldValues) {
    learningRate = values.number("lr")
    alpha = values.number("alpha")
    epsilon = values.number("eps")
    weightDecay = values.number("weight_decay")
    momentum = values.number("momentum")
    isCentered = values.boolean("centered")
  }
}
