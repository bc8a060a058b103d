import Diagnostics
import Foundation
import Planning
import Spec

/// All trackers of a run, and what they are told when.
final class RunTrackers {
  private let spec: ExperimentSpec
  private let trackers: [(tracker: any Tracker, step: Step)]
  /// How many epochs each has.
  private var counts: [Int]
  /// After how many epochs there are histograms; nil for never.
  private let histogramEpochs: Int?
  /// Of the epoch that is about to be validated.
  private var histograms: [TensorHistogram] = []
  private var isOpen = false

  init(_ run: TrackedRun) {
    spec = run.spec
    trackers = spec.track.map { (TrackerCatalog.tracker($0, of: run), $0) }
    counts = trackers.map { _ in 0 }
    histogramEpochs = spec.track.first { $0.kind.value == "tensorboard" }.flatMap { step in
      step.values.boolean("histograms") ? step.values.integer("every") : nil
    }
  }

  /// Opens the trackers where a training begins or goes on. Epochs that one does not have are added from the state's history.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed` or `run.read_failed`, as the others.
  func begin(_ state: TrainingState) throws {
    for index in trackers.indices { counts[index] = try trackers[index].tracker.begin(keeping: state.epoch) }
    isOpen = true
    try add(state)
  }

  /// Looks at weights and gradients behind the last step of `epoch`, before anything else is computed.
  func look(at trainer: Trainer, epoch: Int) {
    histograms = []
    guard let every = histogramEpochs, epoch.isMultiple(of: every) else { return }
    let parameters = trainer.executor.parameters
    histograms = TensorHistogram.of(parameters, parameters.values, prefix: "weights/")
    if let gradients = trainer.lastGradients {
      histograms += TensorHistogram.of(parameters, gradients, prefix: "gradients/")
    }
  }

  /// Adds the epochs that are new. Called before the checkpoint behind an epoch, so that a run which goes on from it has them.
  func add(_ state: TrainingState) throws {
    for index in trackers.indices {
      for record in state.history.dropFirst(counts[index]) {
        let isNewest = record.epoch == state.epoch
        try trackers[index].tracker.add(TrackedEpoch(record, histograms: isNewest ? histograms : []))
        counts[index] += 1
      }
    }
    histograms = []
  }

  /// Adds the figures of the test set.
  func finish(_ results: RunResults, confusion: TrackedImage?) throws {
    var names = ["accuracy", "uar", "f1_weighted"]
    names += spec.train.metrics.filter { !names.contains($0) }
    let figures = names.compactMap { name in
      results.test.metrics.figure(name).map { EpochRecord.Figure(name: name, value: $0) }
    }
    let end = TrackedEnd(
      test: [EpochRecord.Figure(name: "loss", value: results.test.loss)] + figures,
      epoch: results.state.best?.epoch ?? results.state.epoch, confusion: confusion)
    for entry in trackers { try entry.tracker.finish(end) }
    isOpen = false
  }

  /// Says that the run was stopped.
  func interrupted() throws {
    for entry in trackers where isOpen { try entry.tracker.stop(.interrupted) }
    isOpen = false
  }

  /// Says that the run failed, where that can still be written.
  func failed() {
    for entry in trackers where isOpen { try? entry.tracker.stop(.failed) }
    isOpen = false
  }
}
