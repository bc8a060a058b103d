import Spec

/// The kinds of `.schedule`: what may stand in `train.schedule`. Their arithmetic is in `LearningRateSchedule`.
public enum ScheduleCatalog {
  public static let kinds: [Kind] = [
    linearWarmup, cosine, constant, step, multiStep, exponential, cosineWarmRestarts, oneCycle, plateau,
  ]

  private static let linearWarmup = Kind(
    "linear_warmup", summary: "Raises the learning rate in a straight line, step by step, to the optimizer's.",
    formula: """
      rate(s) = from + (lr - from) * s / S
      s: steps since the start of this schedule, from 0; S: its epochs times the steps of an epoch.
      The first step of a warm-up from 0 therefore changes nothing, as with PyTorch's LambdaLR.
      """,
    example: "schedule: [linear_warmup: {epochs: 5}]",
    table: FieldTable(
      [
        Field("epochs", .integer(min: 0, max: longest), doc: "How many epochs the rise takes."),
        Field(
          "from", .number(min: 0), default: .value(.number(0)), doc: "The learning rate of the first step."),
      ], primary: "epochs"))

  private static let cosine = Kind(
    "cosine", summary: "Lowers the learning rate from the optimizer's along half a cosine, step by step.",
    formula: """
      rate(s) = to + (lr - to) * (1 + cos(pi * s / S)) / 2
      s: steps since the start of this schedule, from 0; S: its epochs times the steps of an epoch.
      The rate `to` would be reached one step after the last, as with PyTorch's CosineAnnealingLR.
      Loshchilov, Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", without the restarts.
      """,
    example: "schedule: [linear_warmup: {epochs: 5}, cosine: {to: 1e-6}]",
    table: FieldTable(
      [
        Field("to", .number(min: 0), default: .value(.number(0)), doc: "The learning rate at the end."),
        epochs("How many epochs the fall takes; all that are left where it is not given."),
      ], primary: "to"))

  private static let constant = Kind(
    "constant", summary: "Keeps the learning rate at the optimizer's, or at a part of it.",
    formula: "rate(s) = factor * lr",
    example: "schedule: [cosine: {to: 1e-4, epochs: 20}, constant: {factor: 0.1}]",
    table: FieldTable(
      [
        Field("factor", .number(min: 0), default: .value(.number(1)), doc: "The part of the optimizer's rate."),
        epochs("How many epochs it holds; all that are left where it is not given."),
      ], primary: "factor"))

  private static let step = Kind(
    "step", summary: "Multiplies the learning rate by gamma every so many epochs, as PyTorch's StepLR.",
    formula: "rate(e) = lr * gamma^floor(e / step_size), e: finished epochs of this schedule",
    example: "schedule: [step: {step_size: 30, gamma: 0.1}]",
    table: FieldTable(
      [
        Field("step_size", .integer(min: 1), doc: "Epochs between two changes."), gamma(standard: 0.1),
        epochs("How many epochs it takes; all that are left where it is not given."),
      ], primary: "step_size"))

  private static let multiStep = Kind(
    "multi_step", summary: "Multiplies the learning rate by gamma after given epochs, as PyTorch's MultiStepLR.",
    formula: "rate(e) = lr * gamma^(how many milestones are <= e), e: finished epochs of this schedule",
    example: "schedule: [multi_step: {milestones: [30, 80], gamma: 0.1}]",
    table: FieldTable(
      [
        Field(
          "milestones", .list(.integer(min: 0), min: 1),
          doc: "After how many epochs of this schedule the rate changes."), gamma(standard: 0.1),
        epochs("How many epochs it takes; all that are left where it is not given."),
      ], primary: "milestones"))

  private static let exponential = Kind(
    "exponential", summary: "Multiplies the learning rate by gamma after each epoch, as PyTorch's ExponentialLR.",
    formula: "rate(e) = lr * gamma^e, e: finished epochs of this schedule",
    example: "schedule: [exponential: {gamma: 0.95}]",
    table: FieldTable(
      [gamma(standard: nil), epochs("How many epochs it takes; all that are left where it is not given.")],
      primary: "gamma"))

  private static let cosineWarmRestarts = Kind(
    "cosine_warm_restarts",
    summary: "Falls along half a cosine again and again, as PyTorch's CosineAnnealingWarmRestarts stepped by batches.",
    formula: """
      rate(s) = to + (lr - to) * (1 + cos(pi * c / C)) / 2
      c: steps since the last restart; C: steps of the cycle, t_0 epochs at first and t_mult times as many each time.
      Loshchilov, Hutter 2017, "SGDR: stochastic gradient descent with warm restarts".
      """,
    example: "schedule: [cosine_warm_restarts: {t_0: 10, t_mult: 2}]",
    table: FieldTable(
      [
        Field("t_0", .integer(min: 1, max: longest), doc: "Epochs of the first cycle."),
        Field(
          "t_mult", .integer(min: 1, max: 1000), default: .value(.integer(1)),
          doc: "How many times as long as the cycle before each cycle is."),
        Field("to", .number(min: 0), default: .value(.number(0)), doc: "The learning rate at the end of a cycle."),
        epochs("How many epochs it takes; all that are left where it is not given."),
      ], primary: "t_0"))

  private static let oneCycle = Kind(
    "one_cycle", summary: "Rises to the largest rate and falls far below the first, as PyTorch's OneCycleLR.",
    formula: """
      start = max_lr / div_factor, end = start / final_div_factor; S: steps of this schedule
      From start to max_lr in pct_start * S steps, then to end; with three_phase as long back to start first, then to end.
      With cycle_momentum the momentum (Adam's first beta) goes from max_momentum to base_momentum and back.
      Smith, Topin 2018, "Super-convergence: very fast training of neural networks using large learning rates".
      """,
    example: "schedule: [one_cycle: {max_lr: 0.01}]",
    table: FieldTable(
      [
        Field(
          "max_lr", .optional(.number(min: 0)), default: .value(.none),
          doc: "The largest learning rate; the optimizer's where it is not given."),
        Field(
          "pct_start", .number(min: 0, max: 1), default: .value(.number(0.3)),
          doc: "The share of the steps in which the rate rises."),
        Field(
          "anneal_strategy", .choice(["cos", "linear"]), default: .value(.string("cos")),
          doc: "Whether rates follow half a cosine or a straight line."),
        Field(
          "cycle_momentum", .boolean, default: .value(.boolean(true)),
          doc: "Whether the momentum falls while the rate rises."),
        Field(
          "base_momentum", .number(min: 0, max: 1.0.nextDown), default: .value(.number(0.85)),
          doc: "The momentum at the largest rate."),
        Field(
          "max_momentum", .number(min: 0, max: 1.0.nextDown), default: .value(.number(0.95)),
          doc: "The momentum at the start and at the end."),
        Field(
          "div_factor", .number(min: 0, exclusiveMin: true), default: .value(.number(25)),
          doc: "How many times smaller than the largest the first rate is."),
        Field(
          "final_div_factor", .number(min: 0, exclusiveMin: true), default: .value(.number(1e4)),
          doc: "How many times smaller than the first the last rate is."),
        Field(
          "three_phase", .boolean, default: .value(.boolean(false)),
          doc: "Whether the rate falls to the first one before it falls to the last."),
        epochs("How many epochs it takes; all that are left where it is not given."),
      ], primary: "max_lr"))

  private static let plateau = Kind(
    "plateau",
    summary: "Lowers the learning rate when a figure no longer improves, as PyTorch's ReduceLROnPlateau.",
    formula: """
      After each epoch: where the figure was not better than its best for more than `patience` epochs in a row,
      rate = max(rate * factor, min_lr), and the next `cooldown` epochs are not counted.
      Better than b is, for a figure that should fall, below b * (1 - threshold) (rel) or b - threshold (abs).
      """,
    example: "schedule: [plateau: {factor: 0.5, patience: 5, metric: val.uar}]",
    table: FieldTable(
      [
        Field(
          "factor", .number(min: 0, max: 1.0.nextDown), default: .value(.number(0.1)),
          doc: "The rate is multiplied by this."),
        Field(
          "patience", .integer(min: 0), default: .value(.integer(10)),
          doc: "How many epochs without improvement are borne."),
        Field(
          "metric", .choice(keepMetrics), default: .value(.string("val.loss")),
          doc: "The figure; val.loss should fall, all others rise."),
        Field(
          "threshold", .number(min: 0), default: .value(.number(1e-4)),
          doc: "How much better than the best an improvement is."),
        Field(
          "threshold_mode", .choice(["rel", "abs"]), default: .value(.string("rel")),
          doc: "Whether the threshold is a share of the best figure."),
        Field(
          "cooldown", .integer(min: 0), default: .value(.integer(0)),
          doc: "How many epochs after a reduction are not counted."),
        Field(
          "min_lr", .number(min: 0), default: .value(.number(0)), doc: "The rate does not become smaller than this."),
        epochs("How many epochs it is at work; all that are left where it is not given."),
      ], primary: "factor"))

  /// Far more epochs than anyone trains, far fewer than a product with steps could overflow by.
  private static let longest = 1_000_000_000

  private static func epochs(_ doc: String) -> Field {
    Field("epochs", .optional(.integer(min: 1, max: longest)), default: .value(.none), doc: doc)
  }

  private static func gamma(standard: Double?) -> Field {
    Field(
      "gamma", .number(min: 0, exclusiveMin: true), default: standard.map { .value(.number($0)) } ?? .required,
      doc: "The rate is multiplied by this.")
  }
}
