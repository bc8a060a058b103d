import Diagnostics
import Foundation
import TestSupport
import Testing
import Training

/// What is asked of a finished run: predictions, figures, a second time.
@Suite struct RunRecordTests {
  /// A finished run in `folder`, by recorded clips in `clips`.
  private func run(_ folder: TemporaryFolder, extra: String = "", arguments: [String] = []) throws -> String {
    try SmallExperiment.write(to: folder, extra: extra)
    let result = try Program.run(["run", "small.yaml", "--quiet"] + arguments, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try SmallExperiment.directory(folder)
  }

  private func json(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }

  @Test func filesArePredictedAndBadOnesNamed() throws {
    let folder = try TemporaryFolder(["empty.wav"])
    let run = try run(
      folder, extra: "features: {spectral: [mfcc: {n_mfcc: 8}, standardize]}", arguments: ["--set", "train.epochs=2"])
    #expect(try Program.run(["synth", "clips", "--corpus", "few.yaml", "--quiet"], in: folder).status == 0)
    let clips = try FileManager.default.contentsOfDirectory(atPath: folder.file("clips")).sorted().prefix(3)
      .map { "clips/\($0)" }
    let all = try Program.run(["predict", run, "--json", "--quiet"] + clips, in: folder)
    #expect(all.status == 0, "\(all.errors)")
    let rows = try #require(try json(all.output).asArray)
    #expect(rows.map { $0["file"]?.asString } == clips)
    for row in rows {
      let shares = try #require(row["probabilities"]?.asObject)
      #expect(shares.count == 6 && abs(shares.compactMap(\.value.asNumber).reduce(0, +) - 1) < 1e-5)
      let best = shares.max { ($0.value.asNumber ?? 0) < ($1.value.asNumber ?? 0) }
      #expect(best?.key == row["label"]?.asString)
    }
    // A file's probabilities do not depend on the others, nor on threads.
    let alone = try Program.run(["predict", run, "--json", clips[1], "--threads", "1"], in: folder)
    #expect(try json(alone.output).asArray == [rows[1]])
    // Names from standard input, and files that cannot be used.
    let listed = try Program.shell(
      "printf 'empty.wav\\n\(clips[0])\\nmissing.wav\\n' | \(Program.path) predict \(run) - --json --quiet", in: folder)
    #expect(listed.status == 4)
    #expect(try json(listed.output).asArray == [rows[0]])
    #expect(listed.errors.contains("empty.wav") && listed.errors.contains("missing.wav"))
    let table = try Program.run(["predict", run, clips[0]], in: folder)
    #expect(table.output.contains("file") && table.output.contains(rows[0]["label"]?.asString ?? "?"))
    #expect(try Program.run(["predict", "clips", clips[0]], in: folder).status == 4, "no run directory")
  }

  @Test func aTestSetIsEvaluatedAgainToTheSameBytes() throws {
    let folder = try TemporaryFolder()
    let run = try run(
      folder, extra: "seed: 3", arguments: ["--set", "train.loss={cross_entropy: {class_weights: balanced}}"])
    let again = try Program.run(["evaluate", run, "--json", "--quiet", "-o", "again"], in: folder)
    #expect(again.status == 0, "\(again.errors)")
    let result = try json(again.output)
    let summary = try json(folder.textOf("\(run)/summary.json"))
    #expect(result["equals_records"] == true)
    #expect(result["metrics"] == summary["test"])
    #expect(try folder.text("again/predictions.csv") == folder.textOf("\(run)/predictions.csv"))
    let all = try Program.run(["evaluate", run, "--json", "--quiet", "--split", "all"], in: folder)
    #expect(try json(all.output)["clips"] == 72)

    // Another corpus: its classes by name, in an order of its own; one that the model does not know.
    let few = try folder.text("few.yaml")
    try few.replacing("name: demo", with: "name: other").replacing("SAD: sad", with: "SAD: sorrow")
      .write(toFile: folder.file("other.yaml"), atomically: true, encoding: .utf8)
    let other = try Program.run(["evaluate", run, "--json", "--quiet", "--corpus", "other.yaml"], in: folder)
    #expect(other.status == 0, "\(other.errors)")
    let found = try json(other.output)
    #expect(found["classes_unknown"] == ["sorrow"] && found["equals_records"] == .null)
    #expect(found["left_out"] == 12 && found["clips"] == 60)
    #expect(other.errors.contains("sorrow"))
  }

  @Test func statusTellsHowRunsStand() throws {
    let folder = try TemporaryFolder()
    let run = try run(folder, arguments: ["--set", "train.epochs=1"])
    func states(_ arguments: [String] = []) throws -> [String?] {
      let result = try Program.run(["status", "--json"] + arguments, in: folder)
      return try json(result.output)["runs"]?.asArray?.map { $0["state"]?.asString } ?? []
    }
    #expect(try states() == ["finished"])
    let process = try Program.start(["run", "small.yaml", "--quiet", "--epochs", "500"], in: folder)
    try waitFor("a second run") { try FileManager.default.contentsOfDirectory(atPath: folder.file("runs")).count == 2 }
    try waitFor("its status") { try states().contains("running") }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try states().contains("interrupted"), "a process that died holds nothing")
    let status = try Program.run(["status"], in: folder)
    #expect(status.status == 0 && status.output.contains("finished") && status.output.contains("1/1"))
    try folder.flip(bit: 3, ofByte: 40, in: "\(run)/metrics.csv")
    let damaged = try Program.run(["status"], in: folder)
    #expect(damaged.status == 4 && damaged.errors.contains("metrics.csv"))
  }

  @Test func aRunIsMadeAgainOrTheFirstDifferenceNamed() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["synth", "clips", "--corpus", "few.yaml", "--quiet"], in: folder).status == 0)
    let made = try Program.run(["run", "small.yaml", "--quiet", "--data", "clips", "--epochs", "2"], in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let run = try SmallExperiment.directory(folder)
    let reproduce = ["reproduce", run, "--json", "--quiet", "--data", "clips"]
    let equal = try Program.run(reproduce + ["--threads", "1"], in: folder)
    #expect(equal.status == 0, "\(equal.errors) \(equal.output)")
    let stages = try json(equal.output)["stages_equal"]?.asArray?.compactMap(\.asString)
    #expect(
      stages == [
        "splits", "audio", "features", "first step", "epoch 1", "epoch 2", "checkpoints", "metrics",
        "predictions", "results",
      ])

    func stage() throws -> String? {
      let result = try Program.run(reproduce, in: folder)
      #expect(result.status == 5, "\(result.errors)")
      return try json(result.output)["difference"]?["stage"]?.asString
    }
    // Another sample in a clip; another figure in a record, whose digest is made right again.
    let clip = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.file("clips")).sorted().first)
    try folder.flip(bit: 2, ofByte: 1000, in: folder.file("clips/\(clip)"))
    #expect(try stage() == "audio")
    try folder.flip(bit: 2, ofByte: 1000, in: folder.file("clips/\(clip)"))
    try FileManager.default.removeItem(atPath: "\(run)/manifest.json")
    let metrics = try folder.textOf("\(run)/metrics.jsonl")
    try metrics.replacing("\"epoch\":2", with: "\"epoch\":7").replacing("\"epoch\": 2", with: "\"epoch\": 7")
      .write(toFile: "\(run)/metrics.jsonl", atomically: true, encoding: .utf8)
    #expect(try stage() == "epoch 2")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("runs")).count == 1)
  }
}
