/// The keys of `train`.
public let trainTable = FieldTable([
  Field("epochs", .integer(min: 1), doc: "How often the training set is gone through."),
  Field(
    "batch_size", .integer(min: 1), default: .value(.integer(64)),
    doc: "Clips in a batch; the last, smaller batch is kept."),
  Field(
    "accumulate", .integer(min: 1), default: .value(.integer(1)),
    doc: "Batches in a step: its gradient is the mean of theirs."),
  Field("optimizer", .step(.optimizer), doc: "What changes the weights after each step."),
  Field(
    "schedule", .steps(.schedule), default: .value(.steps([])),
    doc: "How the learning rate changes, one part after the other; constant where it is empty."),
  Field("loss", .step(.loss), doc: "What training makes smaller."),
  Field(
    "clip_gradients", .optional(.group(clippingTable)), default: .value(.none),
    doc: "Bounds the gradients before each step."),
  Field(
    "average", .optional(.step(.weightAverage)), default: .value(.none),
    doc: "Validates, keeps and tests a mean of the weights over steps or epochs in place of the last ones."),
  Field(
    "early_stopping", .optional(.group(earlyStoppingTable)), default: .value(.none),
    doc: "Ends the training before its last epoch when a figure no longer improves."),
  Field(
    "keep", .group(keepTable),
    default: .value(
      .group(
        FieldValues(
          [("min", FieldValue(standard: .string("val.loss"))), ("max", FieldValue(standard: .none))], at: .standard))),
    doc: "The epoch whose weights are tested."),
  Field(
    "metrics", .list(.choice(metricNames)),
    default: .value(
      .list(["accuracy", "uar", "f1_weighted"].map { FieldValue(standard: .string($0)) })),
    doc: "The figures that are recorded for each epoch."),
])

/// Figures that are computed of true and predicted classes.
public let metricNames = [
  "accuracy", "uar", "f1_weighted", "precision_weighted", "recall_weighted", "f1_macro", "precision_macro",
  "recall_macro", "mcc", "kappa",
]

/// The figures that `keep`, `early_stopping` and schedules can go by. `val.loss` is better when it is lower, all others when they are
/// higher.
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

/// The keys of `clip_gradients`.
public let clippingTable = FieldTable(
  [
    Field(
      "norm", .optional(.number(min: 0, exclusiveMin: true)), default: .value(.none),
      doc: "The gradients are scaled down together where the Euclidean norm of all of them is above this."),
    Field(
      "value", .optional(.number(min: 0, exclusiveMin: true)), default: .value(.none),
      doc: "Every gradient is brought into the range from minus this to this."),
  ], exclusive: ["norm", "value"])

/// The keys of `early_stopping`.
public let earlyStoppingTable = FieldTable(
  [
    Field("patience", .integer(min: 1), doc: "The training ends after so many epochs in a row without improvement."),
    Field(
      "metric", .choice(keepMetrics), default: .value(.string("val.loss")), doc: "The figure that should improve."),
    Field(
      "min_delta", .number(min: 0), default: .value(.number(0)),
      doc: "An improvement is a change of more than this."),
  ], primary: "patience")
