import Spec

/// The kinds of `.optimizer`: what may stand in `train.optimizer`. Their arithmetic is in TensorRuntime.
public enum OptimizerCatalog {
  public static let kinds: [Kind] = [
    Kind(
      "adam", summary: "Adaptive moment estimation; weight decay is an L2 term of the gradient, as in PyTorch's Adam.",
      formula: """
        g = gradient + weight_decay * w
        m = beta1 * m + (1 - beta1) * g        v = beta2 * v + (1 - beta2) * g^2
        w = w - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
        t: steps from 1. Kingma, Ba 2015, "Adam: a method for stochastic optimization".
        """,
      example: "optimizer: {adam: {lr: 0.001, weight_decay: 1e-4}}",
      table: FieldTable(
        [
          Field("lr", .number(min: 0), default: .value(.number(0.001)), doc: "The learning rate."),
          Field(
            "betas", .list(.number(min: 0, max: largestBeta), min: 2, max: 2),
            default: .value(.list(numbers(0.9, 0.999))),
            doc: "How much of the running means of the gradient and of its square each step keeps; below 1."),
          Field(
            "eps", .number(min: 0), default: .value(.number(1e-8)),
            doc: "Added to the divisor, so that it is never zero."),
          Field(
            "weight_decay", .number(min: 0), default: .value(.number(0)),
            doc: "This times the weight is added to the weight's gradient."),
        ], primary: "lr"))
  ]

  /// With 1 the bias correction would divide by zero.
  private static let largestBeta = 1.0.nextDown

  private static func numbers(_ values: Double...) -> [FieldValue] {
    values.map { FieldValue(.number($0), origin: .standard) }
  }
}

/// A decoded use of one of `OptimizerCatalog.kinds`.
public enum OptimizerSettings: Hashable, Sendable {
  case adam(AdamSettings)

  /// - Parameter step: a use of a kind of the catalog.
  public init(_ step: Step) {
    switch step.kind.value {
    case "adam": self = .adam(AdamSettings(step.values))
    default: preconditionFailure("'\(step.kind.value)' is not in the catalog of optimizers")
    }
  }

  /// The optimizer's buffers, each as large as all parameters, by their names in checkpoints.
  public var stateNames: [String] {
    switch self {
    case .adam: ["first_moment", "second_moment"]
    }
  }

  /// The learning rate that schedules start from.
  public var learningRate: Double {
    switch self {
    case .adam(let settings): settings.learningRate
    }
  }
}

/// The numbers of `adam`.
public struct AdamSettings: Hashable, Sendable {
  public let learningRate: Double
  public let beta1: Double
  public let beta2: Double
  public let epsilon: Double
  public let weightDecay: Double

  init(_ values: FieldValues) {
    let pair = values.numbers("betas")
    learningRate = values.number("lr")
    beta1 = pair[0]
    beta2 = pair[1]
    epsilon = values.number("eps")
    weightDecay = values.number("weight_decay")
  }
}
