import Diagnostics
import Foundation
import Planning
import Spec

/// All trackers of a run, and what they are told when.
final class RunTrackers {
  private let spec: ExperimentSpec
  private let trackers: [any Tracker]
  /// How many epochs each has.
  private var counts: [Int]
  /// Of the epoch that is about to be validated.
  private var histograms: [TensorHistogram] = []
  private var isOpen = false

  init(_ run: TrackedRun) {
    spec = run.spec
    trackers = spec.track.map { TrackerCatalog.tracker($0, of: run) }
    counts = trackers.map { _ in 0 }
  }

  /// Opens the trackers where a training begins or goes on. Epochs that one does not have are added from the state's history.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed` or `run.read_failed`, as the others.
  func begin(_ state: TrainingState) throws {
    for index in trackers.indices { counts[index] = try trackers[index].begin(keeping: state.epoch) }
    isOpen = true
    try add(state)
  }

  /// Looks at weights and gradients behind the last step of `epoch`, before anything else is computed.
  func look(at trainer: Trainer, epoch: Int) {
    histograms = []
    guard trackers.contains(where: { $0.wantsHistograms(ofEpoch: epoch) }) else { return }
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
        let isShown = record.epoch == state.epoch && trackers[index].wantsHistograms(ofEpoch: record.epoch)
        try trackers[index].add(TrackedEpoch(record, histograms: isShown ? histograms : []))
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
    for tracker in trackers { try tracker.finish(end) }
    isOpen = false
  }

  /// Says that the run was stopped.
  func interrupted() throws {
    for tracker in trackers where isOpen { try tracker.stop(.interrupted) }
    isOpen = false
  }

  /// Says that the run failed, where that can still be written.
  func failed() {
    for tracker in trackers where isOpen { try? tracker.stop(.failed) }
    isOpen = false
  }
}
