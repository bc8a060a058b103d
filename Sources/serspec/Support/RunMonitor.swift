import Diagnostics
import Foundation
import Reporting
import Spec
import Synchronization
import Training

/// Shows a run's events on standard error.
final class RunMonitor {
  private let progress: ProgressLine
  private let quiet: Bool
  private var epochs = 0
  private var stepsPerEpoch = 0
  private var lossSum = 0.0

  init(quiet: Bool) {
    self.quiet = quiet
    progress = ProgressLine(quiet: quiet)
  }

  /// Runs an experiment and shows what happens.
  ///
  /// - Parameter shouldStop: asked often; true ends the run after the step under way.
  func run(
    _ spec: ExperimentSpec, _ settings: ExperimentRun.Settings, shouldStop: @escaping @Sendable () -> Bool
  ) throws -> ExperimentRun.Outcome {
    defer { finish() }
    return try ExperimentRun(
      spec, settings: settings, observe: observe, readingClips: features, writeFigures: RunFigures.write,
      drawConfusion: ConfusionPicture.draw, shouldStop: shouldStop
    ).execute()
  }

  /// Takes the bar away; for the end, however it came.
  func finish() { progress.end() }

  /// Called by worker threads while clips are read.
  var features: @Sendable (_ done: Int, _ total: Int) -> Void {
    { [progress] done, total in
      if done == 1 { progress.begin("features", total: total) }
      progress.advance(to: done)
      if done == total { progress.end() }
    }
  }

  func observe(_ event: ExperimentRun.Event) {
    switch event {
    case .prepared(let clips, let split, let parameters, let warnings):
      if !quiet { Console.report(warnings) }
      progress.note(
        "\(clips) clips: \(split.train.count) train, \(split.val.count) validate, \(split.test.count) test; "
          + "\(parameters) parameters")
    case .features(let report): progress.note("features: \(report.text)")
    case .opened(let directory): progress.note("run directory: \(directory)")
    case .training(let event, let epochs): observe(event, epochs: epochs)
    case .testing(let clips): progress.note("testing the kept epoch on \(clips) clips")
    case .warning(let diagnostic): Console.report([diagnostic])
    }
  }

  private func observe(_ event: Trainer.Event, epochs: Int) {
    switch event {
    case .started(let state, let stepsPerEpoch):
      self.stepsPerEpoch = stepsPerEpoch
      progress.begin("training", total: epochs * stepsPerEpoch, done: state.totalSteps)
    case .step(let epoch, let step, let loss):
      lossSum = step == 1 ? loss : lossSum + loss
      progress.advance(
        to: (epoch - 1) * stepsPerEpoch + step, label: "epoch \(epoch)/\(epochs)",
        figures: [String(format: "loss %.3f", lossSum / Double(step))])
    case .trained: break
    case .epochFinished(let record, let isBest):
      let figures = record.validation.map { "\($0.name) \(String(format: "%.3f", $0.value))" }
      progress.note(
        "epoch \(record.epoch)/\(epochs)  "
          + String(
            format: "loss %.3f  accuracy %.3f  val loss %.3f", record.trainLoss, record.trainAccuracy,
            record.validationLoss)
          + figures.map { "  val \($0)" }.joined() + (isBest ? "  *" : ""))
    case .stoppedEarly(let epoch, let waited):
      let epochs = waited == 1 ? "1 epoch" : "\(waited) epochs"
      progress.note("stopped early after epoch \(epoch): \(epochs) without improvement")
    case .diverged(let epoch, let step):
      progress.note("the loss of epoch \(epoch), step \(step) is not a number: training ends here")
    }
  }
}
