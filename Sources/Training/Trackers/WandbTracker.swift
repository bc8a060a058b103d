import Diagnostics
import Foundation
import Spec

/// `wandb` of `track`: an offline run of Weights & Biases in the run's folder `wandb`, which `wandb sync` uploads.
package final class WandbTracker: Tracker {
  private let run: TrackedRun
  private let values: FieldValues
  private var records: WandbRecords?
  private var folder = ""
  private var file: GrowingFile?
  private var count = 0
  /// Bytes of the file.
  private var position = 0

  package init(_ values: FieldValues, of run: TrackedRun) {
    self.values = values
    self.run = run
  }

  package func begin(keeping epochs: Int) throws -> Int {
    let parent = "\(run.directory)/wandb"
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []).filter {
      $0.hasPrefix(Self.prefix)
    }
    let now = Date()
    let name = names.max() ?? "\(Self.prefix)\(Self.stamp(now))-\(Self.randomId())"
    let id = String(name.split(separator: "-").last ?? "")
    folder = "\(parent)/\(name)"
    try AtomicFile.makeFolder("\(folder)/files")
    let path = "\(folder)/run-\(id).wandb"
    let content = FileManager.default.fileExists(atPath: path) ? try ReadableFile.contents(path) : []
    let kept = Self.kept(content, epochs: epochs)
    let records = WandbRecords(
      run: run, id: id, project: values.string("project"), entity: values.optionalString("entity"),
      group: values.optionalString("group") ?? run.spec.name, tags: values.strings("tags"),
      started: kept.started ?? now)
    self.records = records
    // What was uploaded before is not all of it any more.
    for ending in ["synced", "syncstate"] where FileManager.default.fileExists(atPath: "\(path).\(ending)") {
      guard unlink("\(path).\(ending)") == 0 else {
        throw FileFailure.write("\(path).\(ending)", doing: "remove it", code: errno)
      }
    }
    let file = try GrowingFile(path, keeping: kept.bytes)
    (self.file, position, count) = (file, kept.bytes, kept.records)
    if kept.bytes == 0 {
      try file.append(WandbLog.header)
      position = WandbLog.header.count
      try append(records.beginning)
    }
    return kept.epochs
  }

  package func add(_ epoch: TrackedEpoch) throws { try append(records?.epoch(epoch) ?? []) }

  package func finish(_ end: TrackedEnd) throws {
    if let confusion = end.confusion {
      try AtomicFile.makeFolder("\(folder)/files/media/images")
      try AtomicFile.write(confusion.png, to: "\(folder)/files/\(Self.image)")
    }
    try append(records?.end(end, image: Self.image) ?? [])
    try file?.sync()
  }

  package func stop(_ reason: TrackedStop) throws {
    if let records { try append([records.exit(reason == .failed ? 1 : 130, at: Date())]) }
    try file?.sync()
  }

  /// Adds records in one write.
  private func append(_ records: [ProtobufMessage]) throws {
    var bytes: [UInt8] = []
    var number = count
    for record in records {
      number += 1
      var numbered = ProtobufMessage()
      numbered.add(1, number)
      bytes += WandbLog.framed(numbered.bytes + record.bytes, at: position + bytes.count)
    }
    try file?.append(bytes)
    (count, position) = (number, position + bytes.count)
  }

  private static let prefix = "offline-run-"
  private static let image = "media/images/confusion.png"

  /// How much of a file is its beginning and its first `epochs` epochs; nothing where not even the beginning is whole.
  private static func kept(
    _ file: [UInt8], epochs: Int
  ) -> (bytes: Int, records: Int, epochs: Int, started: Date?) {
    let begin = 3
    let records = WandbLog.read(file)
    guard records.count >= begin, let time = ProtobufFields(records[1].content[...])?.message(17)?.message(17) else {
      return (0, 0, 0, nil)
    }
    let started = Date(
      timeIntervalSince1970: Double(time.integer(1) ?? 0) + Double(time.integer(2) ?? 0) / 1e9)
    var kept = (bytes: records[begin - 1].end, records: begin, epochs: 0, started: Optional(started))
    for (index, record) in records.enumerated().dropFirst(begin) {
      guard let fields = ProtobufFields(record.content[...]) else { break }
      guard let history = fields.message(2) else { continue }
      guard history.message(2)?.integer(1) == kept.epochs + 1, kept.epochs < epochs else { break }
      kept = (record.end, index + 1, kept.epochs + 1, started)
    }
    return kept
  }

  /// Eight letters and digits, as the names of runs there have.
  private static func randomId() -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<8).map { _ in letters[Int.random(in: letters.indices)] })
  }

  /// `20260131_120000`, local time.
  private static func stamp(_ time: Date) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd_HHmmss"
    return formatter.string(from: time)
  }
}
