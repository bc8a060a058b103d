import Diagnostics
import Spec

/// The kinds of `.tracker`: what may stand in `track`.
public enum TrackerCatalog {
  public static let kinds: [Kind] = [
    Kind(
      "tensorboard",
      summary: "Event files for TensorBoard: curves, the confusion matrix, hyperparameters, histograms on request.",
      formula: """
        Writes RUN/tensorboard; 'tensorboard --logdir runs' shows it.
        Scalars loss/train, loss/val, accuracy/val, lr, ...: one value an epoch; loss/test, accuracy/test, ...: at the end.
        """,
      example: "track: [tensorboard: {histograms: true, every: 5}]",
      table: FieldTable([
        Field(
          "histograms", .boolean, default: .value(.boolean(false)),
          doc: "Whether weights, and gradients of the epoch's last step, are told as histograms."),
        Field(
          "every", .integer(min: 1), default: .value(.integer(1)), doc: "After how many epochs there are histograms."),
      ])),
    Kind(
      "wandb", summary: "An offline run of Weights & Biases.",
      formula: """
        Writes RUN/wandb/offline-run-TIME-ID; 'wandb sync runs/*/wandb/offline-run-*' uploads it.
        History train/loss, val/loss, val/accuracy, lr, ...: one value an epoch; summary test/accuracy, ...: at the end.
        """,
      example: "track: [wandb: {project: ser, tags: [cnn, baseline]}]",
      table: FieldTable([
        Field("project", .string, default: .value(.string("serspec")), doc: "The project that the run goes to."),
        Field(
          "entity", .optional(.string), default: .value(.none),
          doc: "The user or team that the run goes to; ~ for the one that uploads it."),
        Field(
          "group", .optional(.string), default: .value(.none),
          doc: "What the run is grouped by; ~ for the spec's name."),
        Field("tags", .list(.string), default: .value(.list([])), doc: "Words to find the run by."),
      ])),
    Kind(
      "mlflow", summary: "A run in MLflow's file layout.",
      formula: """
        Writes FOLDER/EXPERIMENT_ID/RUN_ID; 'mlflow ui --backend-store-uri FOLDER' shows it.
        Metrics train_loss, val_loss, val_accuracy, lr, ...: one value an epoch; test_loss, test_accuracy, ...: at the end.
        """,
      example: "track: [mlflow: {experiment: ser, folder: mlruns}]",
      table: FieldTable([
        Field(
          "experiment", .string, default: .value(.string("serspec")),
          doc: "The name of the experiment that the run belongs to."),
        Field(
          "folder", .string, default: .value(.string("mlruns")),
          doc: "The folder of all experiments, relative to the working directory."),
      ])),
  ]

  /// What no field table can say: a tracker that is named twice.
  static func check(_ steps: [Step]) -> [Diagnostic] {
    steps.indices.compactMap { index in
      let step = steps[index]
      guard let first = steps[..<index].first(where: { $0.kind.value == step.kind.value }) else { return nil }
      return Diagnostic(
        "track.repeated", "'\(step.kind.value)' stands twice in 'track'", detail: "Leave one of them out.",
        at: step.kind.span, notes: [DiagnosticNote("the first", at: first.kind.span)])
    }
  }

  /// The tracker that `step` names.
  package static func tracker(_ step: Step, of run: TrackedRun) -> any Tracker {
    switch step.kind.value {
    case "tensorboard": TensorBoardTracker(step.values, of: run)
    case "wandb": WandbTracker(step.values, of: run)
    case "mlflow": MLflowTracker(step.values, of: run)
    default: preconditionFailure("'\(step.kind.value)' is not in the catalog of trackers")
    }
  }
}
