import Spec

/// The kinds of `.optimizer`: what may stand in `train.optimizer`, with PyTorch's names and defaults. Their arithmetic is in TensorRuntime.
public enum OptimizerCatalog {
  public static let kinds: [Kind] = [adam, adamw, sgd, rmsprop]

  private static let adam = Kind(
    "adam", summary: "Adaptive moment estimation; weight decay is an L2 term of the gradient, as in PyTorch's Adam.",
    formula: """
      g = gradient + weight_decay * w
      m = beta1 * m + (1 - beta1) * g        v = beta2 * v + (1 - beta2) * g^2
      w = w - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
      t: steps from 1. Kingma, Ba 2015, "Adam: a method for stochastic optimization".
      """,
    example: "optimizer: {adam: {lr: 0.001, weight_decay: 1e-4}}",
    table: FieldTable(
      [learningRate(0.001)] + moments
        + [weightDecay("This times the weight is added to the weight's gradient."), amsgrad], primary: "lr"))

  private static let adamw = Kind(
    "adamw", summary: "Adam with decoupled weight decay: the weights shrink by themselves, as in PyTorch's AdamW.",
    formula: """
      w = w - lr * weight_decay * w, and then as adam, with g = gradient
      Loshchilov, Hutter 2019, "Decoupled weight decay regularization".
      """,
    example: "optimizer: {adamw: {lr: 0.001, weight_decay: 0.05}}",
    table: FieldTable(
      [learningRate(0.001)] + moments
        + [
          weightDecay("The learning rate times this is the share by which weights shrink in a step.", default: 0.01),
          amsgrad,
        ], primary: "lr"))

  private static let sgd = Kind(
    "sgd", summary: "Stochastic gradient descent, with momentum and Nesterov's momentum, as in PyTorch's SGD.",
    formula: """
      g = gradient + weight_decay * w
      b = momentum * b + (1 - dampening) * g, at the first step b = g
      w = w - lr * b, with nesterov w = w - lr * (g + momentum * b), without momentum w = w - lr * g
      Sutskever, Martens, Dahl, Hinton 2013, "On the importance of initialization and momentum in deep learning".
      """,
    example: "optimizer: {sgd: {lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 1e-4}}",
    table: FieldTable(
      [
        learningRate(0.001), momentum,
        Field(
          "dampening", .number(min: 0, max: 1), default: .value(.number(0)),
          doc: "How much less than the gradient is added to the momentum."),
        weightDecay("This times the weight is added to the weight's gradient."),
        Field(
          "nesterov", .boolean, default: .value(.boolean(false)),
          doc: "Whether the step looks ahead by the momentum; needs momentum, and no dampening."),
      ], primary: "lr"))

  private static let rmsprop = Kind(
    "rmsprop", summary: "Divides the gradient by the root of its running mean square, as PyTorch's RMSprop.",
    formula: """
      g = gradient + weight_decay * w        v = alpha * v + (1 - alpha) * g^2
      centered: m = alpha * m + (1 - alpha) * g, and v - m^2 takes the place of v
      b = momentum * b + g / (sqrt(v) + eps)        w = w - lr * b
      Tieleman, Hinton 2012, "Lecture 6.5: RMSProp"; centered: Graves 2013.
      """,
    example: "optimizer: {rmsprop: {lr: 0.001, momentum: 0.9}}",
    table: FieldTable(
      [
        learningRate(0.01),
        Field(
          "alpha", .number(min: 0, max: 1), default: .value(.number(0.99)),
          doc: "How much of the running mean of the squared gradient each step keeps."),
        epsilon, weightDecay("This times the weight is added to the weight's gradient."), momentum,
        Field(
          "centered", .boolean, default: .value(.boolean(false)),
          doc: "Whether the gradient is divided by its running deviation in place of its mean square."),
      ], primary: "lr"))

  private static func learningRate(_ standard: Double) -> Field {
    Field("lr", .number(min: 0), default: .value(.number(standard)), doc: "The learning rate.")
  }

  private static func weightDecay(_ doc: String, default standard: Double = 0) -> Field {
    Field("weight_decay", .number(min: 0), default: .value(.number(standard)), doc: doc)
  }

  private static let moments = [
    Field(
      "betas", .list(.number(min: 0, max: largestBeta), min: 2, max: 2),
      default: .value(.list(numbers(0.9, 0.999))),
      doc: "How much of the running means of the gradient and of its square each step keeps; below 1."),
    epsilon,
  ]

  private static let epsilon = Field(
    "eps", .number(min: 0), default: .value(.number(1e-8)), doc: "Added to the divisor, so that it is never zero.")

  private static let momentum = Field(
    "momentum", .number(min: 0), default: .value(.number(0)), doc: "How much of the last steps' change each step keeps."
  )

  private static let amsgrad = Field(
    "amsgrad", .boolean, default: .value(.boolean(false)),
    doc: "Whether the largest v so far takes the place of v (Reddi, Kale, Kumar 2018).")

  /// With 1 the bias correction would divide by zero.
  private static let largestBeta = 1.0.nextDown

  private static func numbers(_ values: Double...) -> [FieldValue] {
    values.map { FieldValue(.number($0), origin: .standard) }
  }
}
