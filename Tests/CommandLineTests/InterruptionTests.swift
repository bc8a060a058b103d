import Foundation
import TestSupport
import Testing
import Training

/// Runs that are killed, stopped, or meet a full disk.
@Suite struct InterruptionTests {
  /// What a run can be of; `checkpoint` makes the moments within an epoch count.
  enum Kind: String, CaseIterable { case fixed, variable, augmented }

  private func arguments(_ kind: Kind) -> [String] {
    let settings: [String] =
      switch kind {
      case .fixed: ["length={policy: fixed, seconds: 1.5}"]
      case .variable: []
      case .augmented:
        ["augment=[{noise: {amplitude: [0.001, 0.01], p: 0.7}}, {shift: {share: [-0.2, 0.2]}}, {mixup: {alpha: 0.4}}]"]
      }
    return ["run", "small.yaml", "--quiet", "--epochs", "5"]
      + (settings + ["train.checkpoint={steps: 1}"]).flatMap { ["--set", $0] }
  }

  /// The log grows when a training starts or goes on.
  private func logSize(_ folder: TemporaryFolder) -> Int {
    let run = try? SmallExperiment.directory(folder, below: "killed")
    return (run.flatMap { FileManager.default.contents(atPath: "\($0)/train.log") })?.count ?? 0
  }

  /// Seven kills a kind: every second one while a checkpoint is being written, the others at a random moment of the training.
  @Test(arguments: Kind.allCases) func killsChangeNoByte(kind: Kind) throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder, extra: "seed: 5")
    let arguments = arguments(kind)
    #expect(try Program.run(arguments + ["--output-dir", "whole"], in: folder).status == 0)
    var random = SystemRandomNumberGenerator()
    var kills = 0
    for attempt in 0..<7 {
      let before = logSize(folder)
      let process = try Program.start(arguments + ["--resume", "--output-dir", "killed"], in: folder)
      try waitFor("the training") {
        !process.isRunning || logSize(folder) > before
      }
      let run = try SmallExperiment.directory(folder, below: "killed")
      if attempt.isMultiple(of: 2) {
        let names = [".last-new", ".best-new"]
        while process.isRunning, !names.contains(where: { access("\(run)/checkpoints/\($0)", F_OK) == 0 }) {
          usleep(100)
        }
      } else {
        usleep(UInt32.random(in: 0..<60_000, using: &random))
      }
      guard process.isRunning else { break }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      kills += 1
    }
    let last = try Program.run(arguments + ["--resume", "--output-dir", "killed"], in: folder)
    #expect(last.status == 0, "\(last.errors)")
    #expect(kills > 2)
    try expectEqualRuns(folder, "whole", "killed")
  }

  @Test(arguments: [SIGTERM, SIGINT]) func aSignalStopsBehindACheckpointAndASecondAtOnce(signal: Int32) throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    for count in [1, 2] {
      let process = try Program.start(
        ["run", "small.yaml", "--quiet", "--epochs", "500", "--output-dir", "stopped\(count)"], in: folder)
      try waitFor("the first epoch") {
        guard process.isRunning, let run = try? SmallExperiment.directory(folder, below: "stopped\(count)") else {
          return !process.isRunning
        }
        return (try? StatusRecord.read("\(run)/status.json").epoch).map { $0 > 0 } ?? false
      }
      for _ in 0..<count { kill(process.processIdentifier, signal) }
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130)
      // Whatever a second signal cuts off, the checkpoint is whole.
      let run = try SmallExperiment.directory(folder, below: "stopped\(count)")
      #expect(RunStatus(run, verifying: true).state == .interrupted)
    }
  }

  /// A second signal does not wait for the step under way, which here takes a second: nothing is written any more.
  @Test func aSecondSignalDoesNotWaitForTheStep() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let wide =
      "model.logits={from: spectral, layers: [conv1d: {out_channels: 1500, kernel_size: 3}, "
      + "conv1d: {out_channels: 1500, kernel_size: 3}, global_avg_pool, linear: \"${classes}\"]}"
    let process = try Program.start(
      ["run", "small.yaml", "--quiet", "--threads", "1", "--set", wide, "--set", "train.batch_size=32"], in: folder)
    try waitFor("the training") {
      guard process.isRunning, let run = try? SmallExperiment.directory(folder) else { return !process.isRunning }
      return (try? folder.textOf("\(run)/train.log"))?.contains("  started: ") ?? false
    }
    // A signal that comes while the same one waits to be delivered is lost.
    for _ in 0..<2 {
      usleep(100_000)
      kill(process.processIdentifier, SIGINT)
    }
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    let run = try SmallExperiment.directory(folder)
    #expect(try StatusRecord.read("\(run)/status.json").state == .running, "the first signal alone ends as interrupted")
    #expect(!FileManager.default.fileExists(atPath: "\(run)/checkpoints/last"))
    #expect(RunStatus(run, verifying: true).state == .interrupted)
  }

  /// Files may only be so long, as on a disk that is full: the write fails, and the checkpoint before it stands.
  @Test func aFullDiskLeavesTheCheckpointBefore() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let wide = ["--set", "model.logits={from: both, layers: [linear: 4000, relu, linear: \"${classes}\"]}"]
    func run(_ output: String, _ more: [String] = []) -> [String] {
      ["run", "small.yaml", "--quiet", "--epochs", "3", "--output-dir", output] + wide + more
    }
    #expect(try Program.run(run("whole"), in: folder).status == 0)
    // The first epoch, then no room for the second.
    let process = try Program.start(run("full", ["--set", "train.checkpoint={steps: 1}"]), in: folder)
    try waitFor("the first checkpoint") {
      let run = try? SmallExperiment.directory(folder, below: "full")
      return !process.isRunning || run.map { access("\($0)/checkpoints/last/state.json", F_OK) == 0 } ?? false
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let directory = try SmallExperiment.directory(folder, below: "full")
    let command = run("full", ["--resume"]).map { "'\($0)'" }.joined(separator: " ")
    let failed = try Program.shell("ulimit -f 100; exec \(Program.path) \(command)", in: folder)
    #expect(failed.status == 1, "\(failed.errors)")
    #expect(failed.errors.contains("cannot write") && failed.errors.contains("weights.safetensors"))
    let left = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
    #expect(!left.contains { $0.hasSuffix(".serspec-tmp") || $0.hasSuffix("-new") }, "\(left)")
    #expect(RunStatus(directory, verifying: true).state == .failed)
    #expect(try Program.run(run("full", ["--resume"]), in: folder).status == 0)
    try expectEqualRuns(folder, "whole", "full")
  }

  /// A bit in any record or checkpoint of a finished run.
  @Test func everyFlippedBitIsFound() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["run", "small.yaml", "--quiet", "--epochs", "2"], in: folder).status == 0)
    let run = try SmallExperiment.directory(folder)
    #expect(RunStatus(run, verifying: true).state == .finished)
    let names = (FileManager.default.enumerator(atPath: run)?.compactMap { $0 as? String } ?? []).filter {
      // For people, or rewritten while the run goes on.
      !["train.log", "status.json"].contains($0)
    }
    let files = names.filter {
      (try? FileHandle(forReadingFrom: URL(fileURLWithPath: "\(run)/\($0)")).readToEnd()) != nil
    }
    #expect(files.count > 15)
    for file in files {
      let size = try FileManager.default.attributesOfItem(atPath: "\(run)/\(file)")[.size] as? Int ?? 0
      for sample in 0..<8 where size > 0 {
        let (byte, bit) = (size * sample / 8 + sample % max(1, min(size / 8, 5)), sample)
        try folder.flip(bit: bit, ofByte: byte, in: "\(run)/\(file)")
        #expect(RunStatus(run, verifying: true).state == .damaged, "bit \(bit) of byte \(byte) of \(file)")
        try folder.flip(bit: bit, ofByte: byte, in: "\(run)/\(file)")
      }
    }
    #expect(RunStatus(run, verifying: true).state == .finished)
  }
}
