import Diagnostics
import Foundation
import TestSupport
import Testing

/// `serspec sweep` through the program.
@Suite struct SweepCommandTests {
  /// Three cells of the small experiment.
  private static let three = "sweep: {grid: {train.batch_size: [8, 12, 16]}}"

  private func experiment(_ sweep: String = three, epochs: Int = 2) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder, extra: sweep)
    let text = try folder.text("small.yaml").replacing("epochs: 4", with: "epochs: \(epochs)")
    try text.write(toFile: folder.file("small.yaml"), atomically: true, encoding: .utf8)
    return folder
  }

  private func sweep(_ folder: TemporaryFolder, _ options: [String] = []) throws -> Program.Result {
    try Program.run(["sweep", "small.yaml"] + options, in: folder)
  }

  /// The record in the sweep's folder. Throws, without a word to the test, where it is not there yet.
  private func record(_ folder: TemporaryFolder) throws -> JSON {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("runs"))
    guard let sweep = names.first(where: { $0.hasSuffix(".sweep") }) else { throw CocoaError(.fileNoSuchFile) }
    return try JSON.parse(try folder.text("runs/\(sweep)/sweep.json"))
  }

  private func cells<Value>(_ json: JSON, _ key: String, _ value: (JSON) -> Value?) -> [Value?] {
    (json["cells"]?.asArray ?? []).map { $0[key].flatMap(value) }
  }

  /// How often the first epoch of the run in `folder/runs/name` was trained.
  private func begun(_ folder: TemporaryFolder, _ name: String) throws -> Int {
    try folder.text("runs/\(name)/train.log").split(separator: "\n").count { $0.contains("  epoch 1  ") }
  }

  @Test func allCellsRunAndAreNotRunTwice() throws {
    let folder = try experiment()
    let first = try sweep(folder, ["--jobs", "2", "--threads", "2"])
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("finished") && first.errors.contains("3 of 3 cells finished"), "\(first.errors)")
    #expect(first.errors.components(separatedBy: "features: ").count == 2, "computed once, before: \(first.errors)")
    let again = try sweep(folder, ["--json"])
    #expect(again.status == 0)
    let document = try JSON.parse(again.output)
    #expect(cells(document, "reused") { $0 == true } == [true, true, true])
    #expect(cells(document, "starts", \.asInteger) == [1, 1, 1])
    #expect(cells(document, "state", \.asString) == ["finished", "finished", "finished"])
    #expect(cells(document, "test") { $0["uar"]?.asNumber }.allSatisfy { $0 != nil })
    // A cell by hand is the same run.
    #expect(try Program.run(["run", "small.yaml#2", "--quiet"], in: folder).errors.contains("run.exists"))
  }

  @Test func aTwiceKilledSweepGoesOnAndNothingRunsTwice() throws {
    let folder = try experiment(epochs: 6)
    var logs: [String: String] = [:]
    for finished in [1, 2] {
      let process = try Program.start(["sweep", "small.yaml", "--quiet"], in: folder)
      // Killed when one more cell is finished, in the middle of the others.
      let end = Date().addingTimeInterval(120)
      while process.isRunning, Date() < end {
        let states = (try? record(folder)).map { cells($0, "state", \.asString) } ?? []
        if states.count(where: { $0 == "finished" }) >= finished { break }
        usleep(2000)
      }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let record = try record(folder)
      for (run, state) in zip(cells(record, "run", \.asString), cells(record, "state", \.asString)) {
        guard let run, state == "finished" else { continue }
        let log = try folder.text("runs/\(run)/train.log")
        #expect(logs[run, default: log] == log, "a finished cell was touched")
        logs[run] = log
      }
      #expect(logs.count >= finished)
    }
    let rest = try sweep(folder, ["--quiet"])
    #expect(rest.status == 0, "\(rest.errors)")
    let after = try record(folder)
    #expect(cells(after, "state", \.asString) == ["finished", "finished", "finished"])
    #expect(after["cells"]?.asArray?.first?["starts"] == 1)
    for run in cells(after, "run", \.asString) {
      let run = try #require(run)
      #expect(try begun(folder, run) == 1, "nothing was trained a second time")
      #expect(try logs[run] == nil || logs[run] == folder.text("runs/\(run)/train.log"), "a finished cell was touched")
    }
  }

  @Test func anInterruptedSweepStopsItsCellsWithACheckpoint() throws {
    let folder = try experiment(epochs: 200)
    let process = try Program.start(["sweep", "small.yaml", "--quiet", "--jobs", "2"], in: folder)
    let end = Date().addingTimeInterval(120)
    while process.isRunning, Date() < end {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("runs"))) ?? []
      if names.contains(where: { FileManager.default.fileExists(atPath: folder.file("runs/\($0)/metrics.csv")) }) {
        break
      }
      usleep(2000)
    }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let list = try JSON.parse(sweep(folder, ["--list", "--json"]).output)
    let states = cells(list, "state", \.asString)
    #expect(states.contains("interrupted") && !states.contains("running") && states.last == "pending", "\(states)")
  }

  @Test func aFailingCellFailsAloneAndIsTriedAgainAlone() throws {
    let folder = try experiment("sweep: {grid: {corpus: [few.yaml, lost.yaml, few.yaml]}}", epochs: 1)
    // The second corpus is nowhere.
    let few = try folder.text("few.yaml")
    try String(few.prefix(upTo: try #require(few.range(of: "synthesize:")).lowerBound)).write(
      toFile: folder.file("lost.yaml"), atomically: true, encoding: .utf8)
    for starts in [1, 2] {
      let result = try sweep(folder, ["--jobs", "2", "--json"])
      #expect(result.status == 1, "\(result.errors)")
      let document = try JSON.parse(result.output)
      #expect(cells(document, "state", \.asString) == ["finished", "failed", "finished"], "\(result.errors)")
      #expect(document["cells"]?.asArray?.last?["reused"] == true, "the third cell is the first once more")
      #expect(cells(document, "starts", \.asInteger) == [1, starts, 0])
      #expect(cells(document, "exit_code", \.asInteger)[1] == 4)
      #expect(cells(document, "message", \.asString)[1]?.contains("data.corpus_missing") == true)
    }
    let only = try sweep(folder, ["--fail-fast"])
    #expect(only.status == 1 && only.output.contains("cell 2 failed: [data.corpus_missing]"), "\(only.output)")
  }

  @Test func oneCellRunsByItsIndexAndOnlyOnce() throws {
    let folder = try experiment()
    #expect(try sweep(folder, ["--index", "2", "--quiet"]).status == 0)
    let again = try sweep(folder, ["--index", "2"])
    #expect(again.status == 0 && again.output.contains("Cell 2 is finished: runs/"))
    let summary = try JSON.parse(try sweep(folder, ["--index", "2", "--json"]).output)
    #expect(summary["test"]?["uar"]?.asNumber != nil)
    #expect(try sweep(folder, ["--index", "4"]).errors.contains("sweep.index"))
    let list = try JSON.parse(try sweep(folder, ["--list", "--json"]).output)
    #expect(cells(list, "state", \.asString) == ["pending", "finished", "pending"])
    #expect(cells(list, "time_source", \.asString) == ["cells", "measured", "cells"])
    #expect(cells(list, "memory_mb", \.asNumber).allSatisfy { ($0 ?? 0) > 0 })
    #expect(cells(list, "macs", \.asInteger).allSatisfy { ($0 ?? 0) > 0 })
  }

  @Test func seedsMultiplyCells() throws {
    let folder = try experiment("sweep: {grid: {train.batch_size: [8, 16]}, seeds: 4}")
    let list = try JSON.parse(try sweep(folder, ["--list", "--json", "--seeds", "3", "--set", "seed=7"]).output)
    #expect(cells(list, "params") { $0["seed"]?.asInteger } == [7, 8, 9, 7, 8, 9])
    #expect(cells(list, "params") { $0["train.batch_size"]?.asInteger } == [8, 8, 8, 16, 16, 16])
    #expect(cells(list, "index", \.asInteger) == [1, 2, 3, 4, 5, 6])
    #expect(Set(cells(list, "hash", \.asString)).count == 6)
    let single = try JSON.parse(
      try sweep(folder, ["--index", "5", "--seeds", "3", "--set", "seed=7", "--json"]).output)
    #expect(single["seed"] == 8)
    let five = cells(list, "hash", \.asString)[4]
    #expect(single["hash"]?.asString == five)
  }

  @Test func aJobArrayIsWritten() throws {
    let folder = try experiment()
    #expect(try sweep(folder, ["--slurm", "a.sbatch", "--threads", "4", "--epochs", "1"]).status == 0)
    let script = try folder.text("a.sbatch")
    #expect(script.hasPrefix("#!/bin/bash\n") && script.contains("#SBATCH --array=1-3\n"))
    #expect(script.contains("#SBATCH --cpus-per-task=4\n") && script.contains("--epochs=1"))
    #expect(script.contains("--index \"$SLURM_ARRAY_TASK_ID\""))
    #expect(cells(try record(folder), "state", \.asString) == ["pending", "pending", "pending"])
    // What Slurm would do with the second task.
    let task = Process()
    task.executableURL = URL(fileURLWithPath: "/bin/bash")
    task.arguments = ["a.sbatch"]
    task.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    task.environment = ProcessInfo.processInfo.environment.merging(
      ["SERSPEC_CACHE": folder.file(".cache"), "SLURM_ARRAY_TASK_ID": "2"]) { $1 }
    task.standardOutput = FileHandle.nullDevice
    task.standardError = FileHandle.nullDevice
    try task.run()
    task.waitUntilExit()
    #expect(task.terminationStatus == 0)
    let list = try JSON.parse(try sweep(folder, ["--list", "--json", "--epochs", "1"]).output)
    #expect(cells(list, "state", \.asString) == ["pending", "finished", "pending"])
  }

  @Test func wrongOptionsAreUsage() throws {
    let folder = try experiment()
    for options in [
      ["--list", "--index", "1"], ["--jobs", "0"], ["--keep-going", "--fail-fast"], ["--seeds", "0"],
      ["--slurm", "x", "--prepare"], ["--epochs", "0"],
    ] {
      #expect(try sweep(folder, options).status == 2, "\(options)")
    }
  }
}
