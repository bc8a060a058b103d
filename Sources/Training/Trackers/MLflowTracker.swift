import Diagnostics
import Foundation
import Glibc
import Spec

/// `mlflow` of `track`: a run in the folders and files of MLflow's file store, where a metric is a file with a line an epoch.
///
/// The run's id follows from the experiment and the place of the run's directory: a run that goes on finds its own, one that starts over
/// takes its place.
package final class MLflowTracker: Tracker {
  private let run: TrackedRun
  private let experiment: String
  private let store: String
  private let id: String
  private var experimentId = ""
  private var started = 0
  /// By the metric's name.
  private var files: [String: GrowingFile] = [:]

  private var folder: String { "\(store)/\(experimentId)/\(id)" }

  package init(_ values: FieldValues, of run: TrackedRun) {
    self.run = run
    experiment = values.string("experiment")
    store = values.string("folder")
    let place = URL(fileURLWithPath: run.directory).standardized.path
    id = String(FileDigest.sha256("\(experiment)\n\(place)".utf8).prefix(32))
  }

  package func begin(keeping epochs: Int) throws -> Int {
    try AtomicFile.makeFolder(store)
    experimentId = try MLflowExperiment.find(experiment, in: store)
    if epochs == 0, FileManager.default.fileExists(atPath: folder) {
      do { try FileManager.default.removeItem(atPath: folder) } catch {
        throw FileFailure.write(folder, doing: "remove it", code: errno)
      }
    }
    for name in ["metrics", "params", "tags", "artifacts"] { try AtomicFile.makeFolder("\(folder)/\(name)") }
    let names = ["lr", "train_loss", "train_accuracy", "val_loss"] + run.spec.train.metrics.map { "val_\($0)" }
    // An epoch is there where all metrics have it.
    let contents = names.map { (try? ReadableFile.contents("\(folder)/metrics/\($0)")) ?? [] }
    let kept = min(epochs, contents.map { Self.ends(of: $0).count }.min() ?? 0)
    for (name, content) in zip(names, contents) {
      files[name] = try GrowingFile(
        "\(folder)/metrics/\(name)", keeping: kept == 0 ? 0 : Self.ends(of: content)[kept - 1])
    }
    let others = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/metrics")) ?? []
    for name in others where files[name] == nil { unlink("\(folder)/metrics/\(name)") }
    started =
      MLflowExperiment.value(of: "start_time", in: "\(folder)/meta.yaml").flatMap { Int($0) } ?? Self.time(Date())
    try describe()
    try write(status: .running, ended: nil)
    return kept
  }

  package func add(_ epoch: TrackedEpoch) throws {
    for (name, value) in epoch.record.columns {
      try files[Self.name(name)]?.append(line(value, step: epoch.record.epoch, at: epoch.time))
    }
  }

  package func finish(_ end: TrackedEnd) throws {
    for figure in end.test {
      try AtomicFile.write(
        line(figure.value, step: end.epoch, at: end.time), to: "\(folder)/metrics/test_\(figure.name)")
    }
    if let confusion = end.confusion { try AtomicFile.write(confusion.png, to: "\(folder)/artifacts/confusion.png") }
    try sync()
    try write(status: .finished, ended: end.time)
  }

  package func stop(_ reason: TrackedStop) throws {
    try sync()
    try write(status: reason == .failed ? .failed : .killed, ended: Date())
  }

  private func sync() throws { for file in files.values { try file.sync() } }

  private func describe() throws {
    let settings = TrackedSettings(run)
    let main = settings.main
    let names = Set(main.map(\.name))
    for (name, value) in main + settings.flat.filter({ !names.contains($0.name) }) {
      let text = value.plainText
      // Longer ones are refused by the store.
      guard text.utf8.count <= 6000, name.utf8.count <= 250, Self.isName(name) else { continue }
      try Self.put(text, in: "\(folder)/params/\(name)")
    }
    var tags = [
      ("mlflow.runName", run.name), ("mlflow.source.name", "serspec"), ("mlflow.source.type", "LOCAL"),
      ("mlflow.user", Self.user), ("serspec.hash", run.spec.hash), ("serspec.run_dir", run.directory),
      ("serspec.version", run.version),
    ]
    if run.isSynthesized { tags.append(("mlflow.note.content", RunSummary.synthesizedNote)) }
    for (name, value) in tags { try Self.put(value, in: "\(folder)/tags/\(name)") }
    try AtomicFile.write(resolvedText(run.spec, origins: false), to: "\(folder)/artifacts/spec.resolved.yaml")
  }

  /// As MLflow numbers them.
  private enum Status: Int {
    case running = 1
    case finished = 3
    case failed, killed
  }

  private func write(status: Status, ended: Date?) throws {
    let place = URL(fileURLWithPath: "\(folder)/artifacts").standardized.absoluteString
    let fields: [(String, JSON)] = [
      ("artifact_uri", .string(place)), ("end_time", .optional(ended.map(Self.time))), ("entry_point_name", ""),
      ("experiment_id", .string(experimentId)), ("lifecycle_stage", "active"), ("run_id", .string(id)),
      ("run_name", .string(run.name)), ("run_uuid", .string(id)), ("source_name", ""), ("source_type", 4),
      ("source_version", ""), ("start_time", .integer(started)), ("status", .integer(status.rawValue)), ("tags", []),
      ("user_id", .string(Self.user)),
    ]
    try MLflowExperiment.write(fields, to: "\(folder)/meta.yaml")
  }

  /// Small values need not outlive a power cut: they are written again by a run that goes on.
  private static func put(_ text: String, in path: String) throws {
    try GrowingFile(path, keeping: 0).append(Array(text.utf8))
  }

  private func line(_ value: Double, step: Int, at time: Date) -> [UInt8] {
    Array("\(Self.time(time)) \(CSV.number(value)) \(step)\n".utf8)
  }

  /// `val.loss` as `val_loss`.
  private static func name(_ column: String) -> String {
    column == "learning_rate" ? "lr" : column.replacingOccurrences(of: ".", with: "_")
  }

  /// What MLflow allows as a key, and no path.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && !text.contains("..")
      && text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-. ".unicodeScalars.contains($0)
      }
  }

  /// Where the lines of steps 1, 2, 3, ... end; what stands behind another line is left out.
  private static func ends(of file: [UInt8]) -> [Int] {
    var (ends, start) = ([Int](), 0)
    while let end = file[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let fields = String(decoding: file[start..<end], as: UTF8.self).split(separator: " ")
      guard fields.count == 3, Double(fields[1]) != nil, Int(fields[2]) == ends.count + 1 else { break }
      start = end + 1
      ends.append(start)
    }
    return ends
  }

  /// Milliseconds.
  private static func time(_ date: Date) -> Int { Int(date.timeIntervalSince1970 * 1000) }

  private static var user: String { ProcessInfo.processInfo.userName }
}
