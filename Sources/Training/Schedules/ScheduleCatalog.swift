import Spec

/// The kinds of `.schedule`: what may stand in `train.schedule`. Their arithmetic is in `LearningRateSchedule`.
public enum ScheduleCatalog {
  public static let kinds: [Kind] = [
    Kind(
      "linear_warmup", summary: "Raises the learning rate in a straight line, step by step, to the optimizer's.",
      formula: """
        rate(s) = from + (lr - from) * s / S
        s: steps since the start of this schedule, from 0; S: its epochs times the steps of an epoch.
        The first step of a warm-up from 0 therefore changes nothing, as with PyTorch's LambdaLR.
        """,
      example: "schedule: [linear_warmup: {epochs: 5}]",
      table: FieldTable(
        [
          Field("epochs", .integer(min: 0), doc: "How many epochs the rise takes."),
          Field(
            "from", .number(min: 0), default: .value(.number(0)), doc: "The learning rate of the first step."),
        ], primary: "epochs")),
    Kind(
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
          Field(
            "epochs", .optional(.integer(min: 1)), default: .value(.none),
            doc: "How many epochs the fall takes; all that are left where it is not given."),
        ], primary: "to")),
  ]
}
