import Diagnostics
import Foundation
import Spec

/// `tensorboard` of `track`: an event file in the run's folder `tensorboard`.
///
/// An epoch is one event with all of its values, so that it is there as a whole or not at all.
package final class TensorBoardTracker: Tracker {
  private let run: TrackedRun
  private let folder: String
  /// In epochs; nil for never.
  private let histogramInterval: Int?
  private var file: GrowingFile?

  package init(_ values: FieldValues, of run: TrackedRun) {
    self.run = run
    histogramInterval = values.boolean("histograms") ? values.integer("every") : nil
    folder = "\(run.directory)/tensorboard"
  }

  package func begin(keeping epochs: Int) throws -> Int {
    try AtomicFile.makeFolder(folder)
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
      $0.hasPrefix(Self.prefix)
    }
    if let name = names.min() {
      let kept = Self.kept(try ReadableFile.contents("\(folder)/\(name)"), epochs: epochs)
      file = try GrowingFile("\(folder)/\(name)", keeping: kept.bytes)
      if kept.bytes > 0 { return kept.epochs }
    }
    let now = Date()
    let host = String(ProcessInfo.processInfo.hostName.map { $0 == "/" ? "-" : $0 })
    let name =
      "\(Self.prefix)\(Int(now.timeIntervalSince1970)).\(host).\(ProcessInfo.processInfo.processIdentifier).0"
    let file = try self.file ?? GrowingFile("\(folder)/\(name)", keeping: 0)
    self.file = file
    let settings = TrackedSettings(run).main
    try file.append(
      TFRecord.framed(TensorBoardEvents.version(at: now).bytes)
        + TFRecord.framed(
          TensorBoardEvents.event([TensorBoardEvents.sessionStart(settings, at: now)], step: 0, at: now).bytes))
    return 0
  }

  package func wantsHistograms(ofEpoch epoch: Int) -> Bool {
    histogramInterval.map { epoch.isMultiple(of: $0) } ?? false
  }

  package func add(_ epoch: TrackedEpoch) throws {
    let scalars = epoch.record.columns.map { TensorBoardEvents.scalar(Self.tag($0.name), $0.value) }
    try append(
      scalars + epoch.histograms.map(TensorBoardEvents.histogram), step: epoch.record.epoch, at: epoch.time)
  }

  package func finish(_ end: TrackedEnd) throws {
    // The first value tells that the event is the run's end.
    var values = [TensorBoardEvents.sessionEnd(at: end.time)]
    values += end.test.map { TensorBoardEvents.scalar("\($0.name)/test", $0.value) }
    if let image = end.confusion { values.append(TensorBoardEvents.image("confusion/test", image)) }
    try append(values, step: end.epoch, at: end.time)
    try file?.sync()
  }

  package func stop(_ reason: TrackedStop) throws { try file?.sync() }

  private func append(_ values: [ProtobufMessage], step: Int, at time: Date) throws {
    try file?.append(TFRecord.framed(TensorBoardEvents.event(values, step: step, at: time).bytes))
  }

  /// What TensorBoard groups by: `val.loss` is `loss/val`.
  private static func tag(_ column: String) -> String {
    if column == "learning_rate" { return "lr" }
    let parts = column.split(separator: ".", maxSplits: 1)
    return parts.count == 2 ? "\(parts[1])/\(parts[0])" : column
  }

  private static let prefix = "events.out.tfevents."

  /// How much of a file is its beginning and its first `epochs` epochs, in bytes and in epochs; 0 bytes where not even the beginning is whole.
  private static func kept(_ file: [UInt8], epochs: Int) -> (bytes: Int, epochs: Int) {
    var kept = (bytes: 0, epochs: 0)
    for (index, record) in TFRecord.read(file).enumerated() {
      guard let event = ProtobufFields(record.content) else { break }
      switch index {
      case 0: if event.text(3) == nil { return (0, 0) }
      case 1:
        if event.message(5)?.message(1)?.text(1) != TensorBoardEvents.startTag { return (0, 0) }
        kept.bytes = record.end
      default:
        guard event.integer(2) == index - 1, index - 1 <= epochs,
          event.message(5)?.message(1)?.text(1) != TensorBoardEvents.endTag
        else { return kept }
        kept = (record.end, index - 1)
      }
    }
    return kept
  }
}
