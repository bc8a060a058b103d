import Corpus
import Diagnostics
import Foundation
import Spec

/// The end of a run in one document: `summary.json`, and the lines that `run` prints.
public struct RunSummary: Sendable {
  /// The content of `summary.json`.
  public let json: JSON
  /// What a person wants to know first.
  public let text: String

  /// What every record of a run on synthesized speech says.
  public static let synthesizedNote =
    "The speech of this run is synthesized: its figures say that the program works, nothing about people."

  init(_ results: RunResults, spec: ExperimentSpec, directory: String) {
    let isSynthesized = results.isSynthesized
    json = .object(
      RunSummary.identity(results, spec, directory, isSynthesized) + RunSummary.course(results, spec)
        + [
          (key: "test", value: RunSummary.test(results)),
          (
            key: "time",
            value: [
              "features_s": RunSummary.seconds(results.time.features),
              "first_step_s": results.time.firstStep.map(RunSummary.seconds) ?? .null,
              "train_s": RunSummary.seconds(results.time.training),
              "test_s": RunSummary.seconds(results.time.test),
            ]
          ),
          (key: "features", value: RunSummary.features(results.cache)),
          (
            key: "memory",
            value: [
              "peak_rss_mb": .integer(peakResidentMegabytes()),
              "arena_mb": .number((results.arenaMegabytes * 10).rounded() / 10),
            ]
          ),
        ])
    text = RunSummary.text(results, directory, isSynthesized)
  }

  private static func identity(
    _ results: RunResults, _ spec: ExperimentSpec, _ directory: String, _ isSynthesized: Bool
  ) -> [(key: String, value: JSON)] {
    var corpus: [(key: String, value: JSON)] = [
      ("name", .string(spec.corpus.name)), ("synthesized", .boolean(isSynthesized)),
      ("clips", .integer(results.clips.count)),
      (
        "left_out",
        .array(results.leftOut.map { ["file": .string($0.file), "reason": .string($0.reason)] })
      ),
    ]
    if isSynthesized { corpus.append(("note", .string(synthesizedNote))) }
    var split: [(key: String, value: JSON)] = [
      ("train", .integer(results.split.train.count)), ("val", .integer(results.split.val.count)),
      ("test", .integer(results.split.test.count)),
    ]
    if let overlap = results.overlap {
      split.append(("test_speakers", .integer(overlap.testSpeakers)))
      split.append(("test_speakers_also_in_train", .integer(overlap.testShared)))
    }
    return [
      ("name", .string(spec.name)), ("hash", .string(spec.hash)), ("run_dir", .string(directory)),
      ("seed", .integer(spec.seed)), ("corpus", .object(corpus)), ("split", .object(split)),
      (
        "model",
        ["parameters": .integer(results.graph.parameterCount), "macs": .integer(results.graph.multiplyAdds)]
      ),
    ]
  }

  private static func course(_ results: RunResults, _ spec: ExperimentSpec) -> [(key: String, value: JSON)] {
    let kept = results.state.best
    let record = kept.flatMap { best in results.state.history.first { $0.epoch == best.epoch } }
    return [
      ("epochs", .integer(results.state.epoch)), ("diverged_at_step", .optional(results.state.divergedAt)),
      ("stopped_early_after_epoch", .optional(results.state.stoppedAfter)),
      (
        "class_weights",
        results.classWeights.map {
          .object(zip(results.classNames, $0).map { (key: $0, value: .number($1)) })
        } ?? .null
      ),
      (
        "best",
        kept.map {
          ["epoch": .integer($0.epoch), "metric": .string(spec.train.keep.metric), "value": .number($0.value)]
        }
          ?? .null
      ),
      (
        "train",
        ["loss": .optional(record?.trainLoss), "accuracy": .optional(record?.trainAccuracy)]
      ),
      (
        "val",
        .object(
          [(key: "loss", value: .optional(record?.validationLoss))]
            + (record?.validation ?? []).map { (key: $0.name, value: .number($0.value)) })
      ),
    ]
  }

  private static func test(_ results: RunResults) -> JSON {
    let figures = results.test.metrics.json(classNames: results.classNames).asObject ?? []
    return .object([(key: "loss", value: .number(results.test.loss))] + figures)
  }

  private static func features(_ report: CacheReport) -> JSON {
    .array(
      report.parts.map { part in
        [
          "name": .string(part.name), "cached": .integer(part.cached), "computed": .integer(part.computed),
          "reason": part.reason.map(JSON.string) ?? .null,
        ]
      })
  }

  private static func text(_ results: RunResults, _ directory: String, _ isSynthesized: Bool) -> String {
    let metrics = results.test.metrics
    func percent(_ value: Double) -> String { String(format: "%.1f%%", 100 * value) }
    var lines = [
      "test accuracy  \(percent(metrics.accuracy))   (\(metrics.confusion.correct) of \(metrics.confusion.total) clips)",
      "test UAR       \(percent(metrics.uar))",
      "weighted F1    " + String(format: "%.3f", metrics.f1Weighted),
    ]
    if let pair = metrics.confusion.mostConfused(1).first {
      lines.append(
        "most confused  \(results.classNames[pair.truth]) taken for \(results.classNames[pair.prediction]): \(percent(pair.share))"
      )
    }
    if let best = results.state.best {
      lines.append("kept epoch     \(best.epoch) of \(results.state.epoch)")
    }
    lines.append("run directory  \(directory)")
    if isSynthesized { lines.append(synthesizedNote) }
    return lines.joined(separator: "\n")
  }

  /// Wall-clock times to the millisecond: more would pretend.
  private static func seconds(_ value: Double) -> JSON { .number((value * 1000).rounded() / 1000) }
}
