import Diagnostics
import Foundation

/// The records of an offline run, as `wandb_internal.proto` numbers their fields.
struct WandbRecords {
  let run: TrackedRun
  let id: String
  let project: String
  let entity: String?
  let group: String
  let tags: [String]
  let started: Date

  /// What a log begins with: who wrote it, the run, the machine.
  var beginning: [ProtobufMessage] { [version, description, environment] }

  /// An epoch: its figures as the latest ones, then as a row of the history, which makes it whole.
  func epoch(_ epoch: TrackedEpoch) -> [ProtobufMessage] {
    var row = epoch.record.columns.map { (Self.name($0.name), Self.number($0.value)) }
    row.append(("epoch", String(epoch.record.epoch)))
    row.append(("_step", String(epoch.record.epoch)))
    row.append(("_timestamp", Self.number(epoch.time.timeIntervalSince1970)))
    row.append(("_runtime", Self.number(epoch.time.timeIntervalSince(started))))
    var history = ProtobufMessage()
    for (name, value) in row { history.add(1, Self.item(name, value)) }
    var step = ProtobufMessage()
    step.add(1, epoch.record.epoch)
    history.add(2, step)
    return [Self.summary(row), Self.record(2, history)]
  }

  /// The figures of the test set; `image` is where the picture of the confusion matrix lies in the run's `files`.
  func end(_ end: TrackedEnd, image: String?) -> [ProtobufMessage] {
    var values = end.test.map { ("test/\($0.name)", Self.number($0.value)) }
    values.append(("best_epoch", String(end.epoch)))
    guard let image, let confusion = end.confusion else { return [Self.summary(values), exit(0, at: end.time)] }
    let reference: JSON = [
      "_type": "image-file", "format": "png", "path": .string(image),
      "sha256": .string(FileDigest.sha256(confusion.png)),
      "size": .integer(confusion.png.count), "width": .integer(confusion.width), "height": .integer(confusion.height),
    ]
    values.append(("test/confusion", reference.text(.compact)))
    var file = ProtobufMessage()
    file.add(1, image)
    // A medium.
    file.add(3, 2)
    var files = ProtobufMessage()
    files.add(1, file)
    return [Self.record(6, files), Self.summary(values), exit(0, at: end.time)]
  }

  /// The end of the process.
  func exit(_ code: Int, at time: Date) -> ProtobufMessage {
    var exit = ProtobufMessage()
    exit.add(1, code)
    exit.add(2, Int(time.timeIntervalSince(started)))
    return Self.record(18, exit)
  }

  private var version: ProtobufMessage {
    var version = ProtobufMessage()
    version.add(1, "serspec \(run.version)")
    var header = ProtobufMessage()
    header.add(1, version)
    return Self.record(21, header)
  }

  private var description: ProtobufMessage {
    var message = ProtobufMessage()
    message.add(1, id)
    if let entity { message.add(2, entity) }
    message.add(3, project)
    var config = ProtobufMessage()
    for (name, value) in settings { config.add(1, Self.item(name, value.text(.compact))) }
    message.add(4, config)
    message.add(6, group)
    message.add(8, run.name)
    if run.isSynthesized { message.add(9, RunSummary.synthesizedNote) }
    for tag in tags { message.add(10, tag) }
    message.add(13, ProcessInfo.processInfo.hostName)
    message.add(17, Self.timestamp(started))
    return Self.record(17, message)
  }

  private var environment: ProtobufMessage {
    var message = ProtobufMessage()
    message.add(1, run.environment["os"]?.asString ?? "")
    message.add(3, Self.timestamp(started))
    message.add(6, "serspec")
    message.add(12, ProcessInfo.processInfo.hostName)
    if let cores = run.environment["cores"]?.asInteger {
      message.add(16, cores)
      message.add(17, cores)
    }
    message.add(199, id)
    return Self.record(26, message)
  }

  /// The main values by name, so that tables of runs have short headings, and beside them the whole spec.
  private var settings: [(name: String, value: JSON)] {
    let settings = TrackedSettings(run)
    return settings.main + [
      ("spec_hash", .string(run.spec.hash)), ("run_dir", .string(run.directory)), ("resolved", settings.resolved),
    ]
  }

  /// `val.loss` as `val/loss`, which the pages of a run group by.
  private static func name(_ column: String) -> String {
    column == "learning_rate" ? "lr" : column.replacingOccurrences(of: ".", with: "/")
  }

  /// As Python writes it, which goes beyond JSON.
  private static func number(_ value: Double) -> String {
    value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : value.description
  }

  private static func summary(_ values: [(String, String)]) -> ProtobufMessage {
    var summary = ProtobufMessage()
    for (name, value) in values { summary.add(1, item(name, value)) }
    return record(3, summary)
  }

  /// Of a configuration, a row of the history or the summary.
  private static func item(_ name: String, _ json: String) -> ProtobufMessage {
    var item = ProtobufMessage()
    item.add(1, name)
    item.add(16, json)
    return item
  }

  private static func timestamp(_ time: Date) -> ProtobufMessage {
    let seconds = time.timeIntervalSince1970.rounded(.down)
    var message = ProtobufMessage()
    message.add(1, Int(seconds))
    message.add(2, Int((time.timeIntervalSince1970 - seconds) * 1e9))
    return message
  }

  private static func record(_ field: Int, _ content: ProtobufMessage) -> ProtobufMessage {
    var record = ProtobufMessage()
    record.add(field, content)
    return record
  }
}
