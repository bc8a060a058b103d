import Foundation
import TestSupport
import Testing

@Suite struct CommandTests {
  private let specs = Shared.project.appendingPathComponent("specs").path

  @Test func exitCodesAreTheContract() throws {
    let folder = try TemporaryFolder(["empty/readme.txt"])
    try Data([0x73, 0xFF]).write(to: URL(fileURLWithPath: folder.file("latin.yaml")))
    let cases: [([String], Int32, String)] = [
      (["--version"], 0, ""), (["run", "--help"], 0, ""), (["run"], 2, "spec"),
      (["run", "x.yaml", "--thread", "2"], 2, "thread"),
      (["run", "x.yaml", "--resume", "--force"], 2, "--resume"), (["validate", "missing.yaml"], 3, "file.missing"),
      (["validate", folder.path], 3, "file.folder"), (["validate", "latin.yaml"], 3, "file.encoding"),
      (["validate", "\(specs)/cnn2d.yaml"], 0, ""),
      (["validate", "\(specs)/cnn2d.yaml", "--set", "activaton=relu"], 3, "'activation'"),
      (["run", "\(specs)/cnn2d.yaml", "--data", "nowhere"], 4, "data.corpus_missing"),
      (["run", "\(specs)/cnn2d.yaml", "--data", "empty"], 4, "data.no_clips"),
      (["split", "\(specs)/cnn2d.yaml", "--manifest", "none.csv"], 4, "data.manifest_missing"),
    ]
    for (arguments, status, text) in cases {
      let result = try Program.run(arguments, in: folder)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(text.isEmpty || result.errors.contains(text), "\(arguments): \(result.errors)")
    }
    #expect(try folder.names() == ["empty", "latin.yaml"], "nothing is left behind")
  }

  @Test func aRunWritesItsRecords() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let result = try Program.run(["run", "small.yaml", "--json", "--quiet"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let summary = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let run = try SmallExperiment.directory(folder)
    #expect(summary?["run_dir"] as? String == "runs/" + (run as NSString).lastPathComponent)
    #expect((summary?["test"] as? [String: Any])?["uar"] is Double)
    #expect(((summary?["corpus"] as? [String: Any])?["note"] as? String)?.contains("synthesized") == true)
    let files =
      SmallExperiment.equalFiles + [
        "spec.yaml", "env.json", "summary.json", "status.json", "train.log", "curves.svg", "confusion.svg",
      ]
    for file in files { #expect(FileManager.default.fileExists(atPath: "\(run)/\(file)"), "\(file)") }

    let again = try Program.run(["run", "small.yaml"], in: folder)
    #expect(again.status == 1 && again.errors.contains("--resume") && again.errors.contains("--force"))
    #expect(try Program.run(["run", "small.yaml", "--force", "--quiet"], in: folder).status == 0)
  }

  @Test func theSameSeedGivesTheSameBytesOnAnyNumberOfThreads() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    for threads in ["1", "2", "3"] {
      let result = try Program.run(
        ["run", "small.yaml", "--quiet", "--threads", threads, "--output-dir", "t\(threads)"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    try expectEqualRuns(folder, "t1", "t2")
    try expectEqualRuns(folder, "t1", "t3")
    _ = try Program.run(["run", "small.yaml", "--quiet", "--seed", "7", "--output-dir", "other"], in: folder)
    let other = try Data(
      contentsOf: URL(fileURLWithPath: SmallExperiment.directory(folder, below: "other") + "/metrics.csv"))
    let first = try Data(
      contentsOf: URL(fileURLWithPath: SmallExperiment.directory(folder, below: "t1") + "/metrics.csv"))
    #expect(other != first, "another seed is another run")
  }

  /// Every kind of augmentation, each in its place.
  private static let augmented = """
    augment:
      - noise: {amplitude: [0.001, 0.01], p: 0.7, before: z_score}
      - time_stretch: {rate: [0.8, 1.25], p: 0.3}
      - pitch_shift: {semitones: [-2, 2], p: 0.3}
      - shift: {share: [-0.2, 0.2], p: 0.5}
      - gain: {db: [-3, 3], p: 0.5}
      - spec_augment: {freq_mask: 4, time_mask: 20, p: 0.5}
      - mixup: {alpha: 0.4, p: 0.5}
    """

  @Test(arguments: ["{policy: batch_longest, masks: true}", "{policy: fixed, seconds: 1.5}"])
  func anAugmentedRunHasTheSameBytesOnAnyNumberOfThreadsAndWhereItWasStopped(length: String) throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder, extra: Self.augmented)
    func run(_ arguments: [String]) throws {
      let result = try Program.run(
        ["run", "small.yaml", "--quiet", "--set", "length=\(length)"] + arguments, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    try run(["--threads", "1", "--output-dir", "one"])
    try run(["--threads", "2", "--output-dir", "two"])
    try expectEqualRuns(folder, "one", "two")
    let process = try Program.start(
      ["run", "small.yaml", "--quiet", "--set", "length=\(length)", "--output-dir", "stopped"], in: folder)
    // Stopped after the first epoch, which most often is within the second.
    interrupt(process, afterFirstEpochIn: folder)
    try run(["--resume", "--output-dir", "stopped"])
    try expectEqualRuns(folder, "one", "stopped")
    try run(["--set", "augment=[]", "--output-dir", "plain"])
    func metrics(_ name: String) throws -> Data {
      try Data(
        contentsOf: URL(fileURLWithPath: SmallExperiment.directory(folder, below: name) + "/metrics.csv"))
    }
    #expect(try metrics("one") != metrics("plain"), "augmentation changes the training")
  }

  /// Killed at a share of the time that a whole run takes, later each time, until the run is through.
  @Test(arguments: [0.15, 0.4])
  func aKilledRunGoesOnToTheSameBytes(share: Double) throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder, extra: "seed: 5")
    var whole = Date()
    // The first run computes the features, the second finds them, as the killed ones will.
    for name in ["cold", "whole"] {
      whole = Date()
      #expect(try Program.run(["run", "small.yaml", "--quiet", "--output-dir", name], in: folder).status == 0)
    }
    let seconds = share * Date().timeIntervalSince(whole)
    var kills = 0
    for attempt in 0..<12 {
      let process = try Program.start(
        ["run", "small.yaml", "--quiet", "--resume", "--output-dir", "killed"], in: folder)
      let patience = seconds * Double(attempt + 1)
      let end = Date().addingTimeInterval(patience)
      while process.isRunning, Date() < end { usleep(2000) }
      if !process.isRunning { break }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      kills += 1
    }
    let last = try Program.run(["run", "small.yaml", "--quiet", "--resume", "--output-dir", "killed"], in: folder)
    #expect(last.status == 0, "\(last.errors)")
    #expect(kills > 0)
    try expectEqualRuns(folder, "whole", "killed")
  }

  /// The kill comes when the last checkpoint is written and the tables are not.
  @Test func aRunKilledBehindItsLastCheckpointBringsItsTablesUpToDate() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["run", "small.yaml", "--quiet", "--output-dir", "whole"], in: folder).status == 0)
    try FileManager.default.copyItem(atPath: folder.file("whole"), toPath: folder.file("killed"))
    let killed = try SmallExperiment.directory(folder, below: "killed")
    let metrics = try String(contentsOfFile: "\(killed)/metrics.csv", encoding: .utf8)
    let lines = metrics.split(separator: "\n", omittingEmptySubsequences: false)
    try lines.dropLast(2).joined(separator: "\n").write(
      toFile: "\(killed)/metrics.csv", atomically: true, encoding: .utf8)
    for file in ["metrics.jsonl", "predictions.csv", "summary.json", "status.json"] {
      try FileManager.default.removeItem(atPath: "\(killed)/\(file)")
    }
    let resumed = try Program.run(["run", "small.yaml", "--quiet", "--resume", "--output-dir", "killed"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    try expectEqualRuns(folder, "whole", "killed")
  }

  /// Sends SIGINT to a run below `stopped` once its first epoch is recorded, and waits for its end.
  private func interrupt(_ process: Process, afterFirstEpochIn folder: TemporaryFolder) {
    let end = Date().addingTimeInterval(60)
    while process.isRunning, Date() < end {
      if let run = try? SmallExperiment.directory(folder, below: "stopped"),
        FileManager.default.fileExists(atPath: "\(run)/metrics.csv")
      {
        break
      }
      usleep(1000)
    }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
  }

  @Test func anInterruptedRunEndsWithItsCodeAndGoesOn() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(
      try Program.run(["run", "small.yaml", "--quiet", "--output-dir", "whole", "--epochs", "40"], in: folder).status
        == 0)
    let process = try Program.start(
      ["run", "small.yaml", "--quiet", "--output-dir", "stopped", "--epochs", "40"], in: folder)
    // Once the first epoch is recorded, there are many more to come.
    interrupt(process, afterFirstEpochIn: folder)
    #expect(process.terminationStatus == 130)
    let arguments = ["run", "small.yaml", "--quiet", "--resume", "--output-dir", "stopped", "--epochs", "40"]
    #expect(try Program.run(arguments, in: folder).status == 0)
    try expectEqualRuns(folder, "whole", "stopped")
  }

  @Test func badClipsAreNamedOrLeftOut() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["synth", "clips", "--corpus", "few.yaml", "--quiet"], in: folder).status == 0)
    let clips = try FileManager.default.contentsOfDirectory(atPath: folder.file("clips")).sorted()
    #expect(clips.count == 72)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("clips/\(clips[0])")))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder.file("clips/\(clips[0])")))
    try Data().write(to: URL(fileURLWithPath: folder.file("clips/\(clips[1])")))
    try Data("not audio".utf8).write(to: URL(fileURLWithPath: folder.file("clips/\(clips[2])")))
    let silent = whole.prefix(44) + Data(count: whole.count - 44)
    try silent.write(to: URL(fileURLWithPath: folder.file("clips/\(clips[3])")))

    let refused = try Program.run(["run", "small.yaml", "--data", "clips", "--quiet"], in: folder)
    #expect(refused.status == 4)
    for clip in clips[0...3] { #expect(refused.errors.contains(clip), "\(clip)") }
    #expect(refused.errors.contains("4 errors"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")), "no run directory is left half made")

    let skipped = try Program.run(
      ["run", "small.yaml", "--data", "clips", "--quiet", "--set", "on_bad_clip=skip"], in: folder)
    #expect(skipped.status == 0, "\(skipped.errors)")
    let list = try String(contentsOfFile: SmallExperiment.directory(folder) + "/splits/left_out.csv", encoding: .utf8)
    for clip in clips[0...3] { #expect(list.contains(clip), "\(clip)") }
  }
}
