/// The node whose output is the model's.
public let outputNode = "logits"

/// The keys of a node of `model`: `from` or one of the vocabulary's combinators, layers and what is expected.
public func nodeTable(_ vocabulary: Vocabulary) -> FieldTable {
  let combinators = vocabulary.kinds[.combinator] ?? []
  return FieldTable(
    [Field("from", .optional(.string), default: .value(.none), doc: "The feature or node that feeds this one.")]
      + combinators.map {
        Field($0.name, .optional(.group($0.table)), default: .value(.none), doc: $0.summary)
      } + [
        Field("layers", .steps(.layer), default: .value(.steps([])), doc: "Layers that are applied in order."),
        Field(
          "expect", .optional(.group(expectationTable)), default: .value(.none), doc: "What 'validate' checks here."),
      ], exclusive: ["from"] + combinators.map(\.name))
}

/// The keys of a node's `expect`.
public let expectationTable = FieldTable([
  Field(
    "shape", .optional(.list(.optional(.integer(min: 1)), min: 1)), default: .value(.none),
    doc: "The output's shape without the batch axis; ~ where an extent is free."),
  Field(
    "parameters", .optional(.integer(min: 0)), default: .value(.none),
    doc: "The number of learnable values in the node's own layers."),
])

/// The keys of `train`.
public let trainTable = FieldTable([
  Field("epochs", .integer(min: 1), doc: "How often the training set is gone through."),
  Field(
    "batch_size", .integer(min: 1), default: .value(.integer(64)),
    doc: "Clips in a training step; the last, smaller batch is kept."),
  Field("optimizer", .step(.optimizer), doc: "What changes the weights after each step."),
  Field(
    "schedule", .steps(.schedule), default: .value(.steps([])),
    doc: "How the learning rate changes, one part after the other; constant where it is empty."),
  Field("loss", .step(.loss), doc: "What training makes smaller."),
  Field(
    "keep", .group(keepTable),
    default: .value(
      .group(
        FieldValues(
          [("min", FieldValue(standard: .string("val.loss"))), ("max", FieldValue(standard: .none))], at: .standard))),
    doc: "The epoch whose weights are tested."),
  Field(
    "metrics", .list(.choice(metricNames)),
    default: .value(.list(metricNames.map { FieldValue(standard: .string($0)) })),
    doc: "The figures that are recorded for each epoch."),
])

/// Figures that are computed of true and predicted classes.
public let metricNames = ["accuracy", "uar", "f1_weighted"]

/// The figures that `keep` can go by.
public let keepMetrics = ["val.loss"] + metricNames.map { "val.\($0)" }

/// The keys of `keep`.
public let keepTable = FieldTable(
  [
    Field(
      "min", .optional(.choice(keepMetrics)), default: .value(.none), doc: "Keep the epoch where this figure is lowest."
    ),
    Field(
      "max", .optional(.choice(keepMetrics)), default: .value(.none),
      doc: "Keep the epoch where this figure is highest."),
  ], exclusive: ["min", "max"])
