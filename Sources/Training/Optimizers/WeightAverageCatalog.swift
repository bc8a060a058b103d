import Spec

/// The kinds of `.weightAverage`: what may stand in `train.average`. Their arithmetic is in `WeightAverage`.
public enum WeightAverageCatalog {
  public static let kinds: [Kind] = [
    Kind(
      "ema", summary: "The exponential moving average of the weights over all steps, as PyTorch's AveragedModel.",
      formula: """
        a = decay * a + (1 - decay) * w after each step; after the first step a = w
        Polyak, Juditsky 1992, "Acceleration of stochastic approximation by averaging".
        """,
      example: "average: {ema: {decay: 0.99}}",
      table: FieldTable(
        [
          Field(
            "decay", .number(min: 0, max: 1.0.nextDown), default: .value(.number(0.999)),
            doc: "How much of the mean each step keeps."), buffers,
        ], primary: "decay")),
    Kind(
      "swa", summary: "The mean of the weights at the ends of the last epochs, as PyTorch's AveragedModel.",
      formula: """
        a = a + (w - a) / n at the end of epoch from_epoch + n - 1, n = 1, 2, ...
        Izmailov, Podoprikhin, Garipov, Vetrov, Wilson 2018, "Averaging weights leads to wider optima".
        """,
      example: "average: {swa: {from_epoch: 20}}",
      table: FieldTable(
        [
          Field(
            "from_epoch", .integer(min: 1), doc: "The first epoch whose weights are averaged; epochs count from 1."),
          buffers,
        ], primary: "from_epoch")),
  ]

  private static let buffers = Field(
    "use_buffers", .boolean, default: .value(.boolean(false)),
    doc: "Whether the running statistics of batch_norm are averaged too; otherwise they are the last ones.")
}

/// A decoded use of one of `WeightAverageCatalog.kinds`.
struct WeightAverageSettings: Hashable, Sendable {
  enum Rule: Hashable, Sendable {
    case exponential(decay: Double)
    case equal(fromEpoch: Int)
  }

  let rule: Rule
  let averagesStates: Bool

  init(_ step: Step) {
    switch step.kind.value {
    case "ema": rule = .exponential(decay: step.values.number("decay"))
    case "swa": rule = .equal(fromEpoch: step.values.integer("from_epoch"))
    default: preconditionFailure("'\(step.kind.value)' is not in the catalog of weight averages")
    }
    averagesStates = step.values.boolean("use_buffers")
  }
}
