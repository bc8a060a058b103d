import Diagnostics
import Foundation

/// Compares the records of a run with those of the same experiment under way.
struct RecordComparison {
  /// What was compared and equal, in order.
  private(set) var equal: [String] = []
  private(set) var difference: RunDifference?
  private(set) var environment: [(name: String, before: String, now: String)] = []

  /// The run's directory, and that of the one under way.
  private let before: String
  private var now = ""
  /// The lines of `metrics.jsonl`.
  private let epochs: [Substring]

  init(before: String) {
    self.before = before
    let text = (try? ReadableFile.contents("\(before)/metrics.jsonl")).map { String(decoding: $0, as: UTF8.self) }
    epochs = (text ?? "").split(separator: "\n")
  }

  /// Compares what is known by `event`.
  mutating func see(_ event: ExperimentRun.Event) {
    guard difference == nil else { return }
    switch event {
    case .opened(let directory): now = directory
    case .training(.started, _): compareBegin()
    case .training(.step(1, 1, let loss), _):
      guard let first = RunFingerprints.read(before)?.firstLoss else { return }
      compare("first step", RunFingerprints.fileName, CSV.number(first), CSV.number(loss))
    case .training(.epochFinished(let record, _), _):
      let line = epochs.indices.contains(record.epoch - 1) ? String(epochs[record.epoch - 1]) : "none"
      compare("epoch \(record.epoch)", "metrics.jsonl", line, record.json.text(.line))
    default: break
    }
  }

  /// Compares what there is at the end.
  mutating func compareEnd() {
    for file in [
      "best/weights.safetensors", "last/weights.safetensors", "last/optimizer.safetensors", "last/state.json",
    ] {
      compareBytes("checkpoints", "checkpoints/\(file)")
    }
    compareLines("metrics", "metrics.csv")
    compareLines("predictions", "predictions.csv")
    compare("results", "summary.json", figures(before), figures(now))
  }

  private mutating func compareBegin() {
    compareEnvironment()
    for set in ["train", "val", "test"] { compareColumns("splits", "splits/\(set).csv") { Array($0.dropLast()) } }
    compareLines("splits", "splits/left_out.csv")
    for set in ["train", "val", "test"] { compareColumns("audio", "splits/\(set).csv") { $0 } }
    if let (a, b) = both(RunFingerprints.read) {
      for (x, y) in zip(a.features, b.features) {
        compare("features", RunFingerprints.fileName, "\(x.name): \(x.digest)", "\(y.name): \(y.digest)")
      }
    }
    if FileManager.default.fileExists(atPath: "\(before)/standardize.json") {
      compareBytes("features", "standardize.json")
    }
  }

  private mutating func compareEnvironment() {
    guard let (a, b) = both({ try? RunReader.json("\($0)/env.json") }) else { return }
    func flat(_ json: JSON) -> [(key: String, value: JSON)] {
      (json.asObject ?? []).flatMap { member in member.value.asObject.map { flat(.object($0)) } ?? [member] }
    }
    let present = flat(b)
    // Results do not depend on these.
    for (name, value) in flat(a) where !["threads", "cores", "memory_mib"].contains(name) {
      let other = present.first { $0.key == name }?.value
      if other != value {
        environment.append((name, value.text(.line), other?.text(.line) ?? "none"))
      }
    }
  }

  private func both<Value>(_ read: (String) -> Value?) -> (Value, Value)? {
    guard let a = read(before), let b = read(now) else { return nil }
    return (a, b)
  }

  private mutating func compare(_ stage: String, _ record: String, _ a: String, _ b: String) {
    guard difference == nil else { return }
    if a == b {
      if equal.last != stage { equal.append(stage) }
    } else {
      equal.removeAll { $0 == stage }
      difference = RunDifference(stage: stage, record: record, before: a, now: b)
    }
  }

  private mutating func compareBytes(_ stage: String, _ record: String) {
    guard difference == nil else { return }
    let digests = both { try? FileDigest.sha256(ofFile: "\($0)/\(record)") }
    compare(stage, record, digests.map { "sha256 \($0.0)" } ?? "there", digests.map { "sha256 \($0.1)" } ?? "missing")
  }

  /// Compares texts line by line, so that the first that differs can be shown.
  private mutating func compareLines(_ stage: String, _ record: String) {
    compareColumns(stage, record) { $0 }
  }

  /// The same of some of the columns of a table without quotes around commas, which any other table only makes it compare whole.
  private mutating func compareColumns(_ stage: String, _ record: String, _ columns: ([Substring]) -> [Substring]) {
    guard difference == nil else { return }
    guard let (a, b) = both({ try? ReadableFile.contents("\($0)/\(record)") }) else {
      return compare(stage, record, "there", "missing")
    }
    func lines(_ bytes: [UInt8]) -> [String] {
      String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
        columns(line.split(separator: ",", omittingEmptySubsequences: false)).joined(separator: ",")
      }
    }
    let (x, y) = (lines(a), lines(b))
    let first = zip(x, y).first { $0 != $1 } ?? ("\(x.count) lines", "\(y.count) lines")
    compare(stage, record, first.0, first.1)
  }

  /// The figures of the test set, which times do not belong to.
  private func figures(_ directory: String) -> String {
    (try? RunReader.json("\(directory)/summary.json"))?["test"]?.text(.line) ?? "none"
  }
}
