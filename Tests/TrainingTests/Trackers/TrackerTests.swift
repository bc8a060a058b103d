import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing
import Training

@Suite("trackers that are cut off and go on") struct TrackerTests {
  enum Kind: String, CaseIterable { case tensorboard, wandb, mlflow }

  /// A run that never was, written for one tracker.
  struct Made {
    let folder: TemporaryFolder
    let kind: Kind
    let run: TrackedRun
    let step: Step
    let epochs: [TrackedEpoch]
    let end: TrackedEnd

    init(_ kind: Kind) throws {
      folder = try TemporaryFolder()
      self.kind = kind
      let fields = kind == .mlflow ? ": {folder: \(folder.path)/mlruns}" : ""
      let spec = try resolvedSpec("cnn1d.yaml", sets: [("track", "[\(kind.rawValue)\(fields)]")])
      step = spec.track[0]
      run = TrackedRun(
        directory: "\(folder.path)/made", spec: spec, parameters: 10, version: "0.1.0", isSynthesized: false,
        environment: ["os": "Linux", "cores": 2])
      epochs = (1...4).map { epoch in
        let value = 1 / Double(epoch)
        return TrackedEpoch(
          EpochRecord(
            epoch: epoch, learningRate: 0.001, trainLoss: value, trainAccuracy: 0.5,
            validationLoss: epoch == 3 ? .nan : value,
            validation: spec.train.metrics.map { EpochRecord.Figure(name: $0, value: value / 3) }))
      }
      end = TrackedEnd(
        test: [EpochRecord.Figure(name: "loss", value: 0.3)], epoch: 2,
        confusion: TrackedImage(width: 1, height: 1, png: [1, 2, 3]))
    }

    func tracker() -> any Tracker { TrackerCatalog.tracker(step, of: run) }

    /// The file that epochs are added to; that of one of the metrics, with MLflow.
    func file() throws -> String {
      let below = kind == .mlflow ? "\(folder.path)/mlruns" : "\(run.directory)/\(kind.rawValue)"
      let names = FileManager.default.enumerator(atPath: below)?.compactMap { $0 as? String } ?? []
      let endings: [Kind: String] = [.tensorboard: ".0", .wandb: ".wandb", .mlflow: "metrics/val_loss"]
      let found = names.filter { $0.hasSuffix(endings[kind] ?? "") }
      #expect(found.count == 1, "\(names)")
      return "\(below)/\(found.first ?? "")"
    }

    /// Epochs with their validation losses as they stand in the file, and how often it says that the run is at its end.
    func read() throws -> (epochs: [Int], losses: [Double], ends: Int) {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try file())))
      var result = (epochs: [Int](), losses: [Double](), ends: 0)
      func add(_ epoch: Int?, _ loss: Double?) {
        result.epochs.append(epoch ?? -1)
        result.losses.append(loss ?? -1)
      }
      switch kind {
      case .tensorboard:
        for record in TFRecord.read(bytes) {
          let event = try #require(ProtobufFields(record.content))
          for value in event.message(5)?.messages(1) ?? [] {
            if value.text(1) == "_hparams_/session_end_info" { result.ends += 1 }
            guard value.text(1) == "loss/val", case .fixed32(let bits)? = value.fields.last?.value else { continue }
            add(event.integer(2), Double(Float(bitPattern: bits)))
          }
        }
      case .wandb:
        for (index, record) in WandbLog.read(bytes).enumerated() {
          let fields = try #require(ProtobufFields(record.content[...]))
          #expect(fields.integer(1) == index + 1)
          if fields.message(18) != nil { result.ends += 1 }
          guard let history = fields.message(2) else { continue }
          let item = history.messages(1).first { $0.text(1) == "val/loss" }
          add(history.message(2)?.integer(1), item?.text(16).flatMap(Double.init))
        }
      case .mlflow:
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
          let fields = line.split(separator: " ")
          add(Int(fields[2]), Double(fields[1]))
        }
        let folder = URL(fileURLWithPath: try file()).deletingLastPathComponent()
        result.ends = FileManager.default.fileExists(atPath: folder.appendingPathComponent("test_loss").path) ? 1 : 0
      }
      return result
    }

    func expectWhole(_ comment: Comment) throws {
      let found = try read()
      #expect(found.epochs == [1, 2, 3, 4], comment)
      #expect(found.ends == 1, comment)
      for (loss, epoch) in zip(found.losses, epochs) {
        let value = epoch.record.validationLoss
        let expected = kind == .tensorboard ? Double(Float(value)) : value
        #expect(loss == expected || (loss.isNaN && expected.isNaN), comment)
      }
    }
  }

  @Test("wherever a file is cut, every epoch is there once in the end", arguments: Kind.allCases)
  func cuts(_ kind: Kind) throws {
    let made = try Made(kind)
    var tracker = made.tracker()
    #expect(try tracker.begin(keeping: 0) == 0)
    for epoch in made.epochs { try tracker.add(epoch) }
    try tracker.finish(made.end)
    try made.expectWhole("written at once")
    let whole = try Data(contentsOf: URL(fileURLWithPath: try made.file()))
    // Every place of small files, and some of every record of others.
    for place in stride(from: 0, through: whole.count, by: max(1, whole.count / 150)) {
      let checkpoint = place % 5
      try whole.prefix(place).write(to: URL(fileURLWithPath: try made.file()))
      tracker = made.tracker()
      let there = try tracker.begin(keeping: checkpoint)
      #expect(there <= checkpoint)
      for epoch in made.epochs.dropFirst(there) { try tracker.add(epoch) }
      try tracker.finish(made.end)
      try made.expectWhole("cut at byte \(place), going on from epoch \(checkpoint)")
    }
  }

  @Test("what a checkpoint has is kept as it was", arguments: Kind.allCases)
  func kept(_ kind: Kind) throws {
    let made = try Made(kind)
    for stop in [TrackedStop.interrupted, .failed] {
      var tracker = made.tracker()
      #expect(try tracker.begin(keeping: stop == .failed ? 4 : 0) == (stop == .failed ? 4 : 0))
      for epoch in made.epochs.dropFirst(stop == .failed ? 4 : 0) { try tracker.add(epoch) }
      let before = try Data(contentsOf: URL(fileURLWithPath: try made.file()))
      try tracker.stop(stop)
      tracker = made.tracker()
      #expect(try tracker.begin(keeping: 4) == 4)
      #expect(try Data(contentsOf: URL(fileURLWithPath: try made.file())) == before)
    }
    // An epoch behind the checkpoint is cut off.
    let tracker = made.tracker()
    #expect(try tracker.begin(keeping: 2) == 2)
    #expect(try made.read().epochs == [1, 2])
  }

  @Test("a file that cannot be written is an error that names it", arguments: Kind.allCases)
  func failure(_ kind: Kind) throws {
    let made = try Made(kind)
    let below = kind == .mlflow ? "mlruns" : "made/\(kind.rawValue)"
    let path = made.folder.file(below)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: path))
    let failure = #expect(throws: DiagnosticFailure.self) { try made.tracker().begin(keeping: 0) }
    #expect(failure?.diagnostics.first?.id == "run.write_failed")
    #expect(failure?.diagnostics.first?.summary.contains(below) == true)
  }

  @Test("an upload that is no longer all of a run is done again")
  func synced() throws {
    let made = try Made(.wandb)
    let tracker = made.tracker()
    _ = try tracker.begin(keeping: 0)
    try tracker.add(made.epochs[0])
    let marker = try made.file() + ".synced"
    try Data().write(to: URL(fileURLWithPath: marker))
    #expect(try made.tracker().begin(keeping: 1) == 1)
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test("runs of one experiment of MLflow share its folder, also one that MLflow made")
  func experiments() throws {
    let made = try Made(.mlflow)
    let own = "\(made.folder.path)/mlruns/77"
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    try "artifact_location: x\nexperiment_id: '77'\nname: serspec\n".write(
      toFile: "\(own)/meta.yaml", atomically: true, encoding: .utf8)
    _ = try made.tracker().begin(keeping: 0)
    #expect(try made.file().contains("/mlruns/77/"))
  }
}
