import Foundation
import TestSupport
import Testing

@Suite struct ComparisonCommandTests {
  private let specs = Shared.project.appendingPathComponent("specs").path

  @Test func diffHasTheExitCodesOfDiff() throws {
    let folder = try TemporaryFolder()
    let cases: [([String], Int32, String)] = [
      (["cnn2d.yaml", "cnn2d.yaml"], 0, "No differences"), (["cnn2d.yaml", "combined.yaml"], 1, "+ time_path"),
      (["cnn2d.yaml", "cnn2d.yaml", "--set-b", "lr=0.1"], 1, "0.001 → 0.1"),
      (["cnn2d.yaml", "cnn2d.yaml", "--set", "lr=0.1"], 0, "No differences"),
      (["cnn2d.yaml", "missing.yaml"], 2, ""), (["cnn2d.yaml", "cnn2d.yaml", "--set-a", "learning_rate=0.1"], 2, ""),
      (["cnn2d.yaml", "cnn2d.yaml", "--set-a", "lr"], 2, ""), (["cnn2d.yaml"], 2, ""),
    ]
    for (arguments, status, text) in cases {
      let paths = arguments.map { $0.hasSuffix(".yaml") ? "\(specs)/\($0)" : $0 }
      let result = try Program.run(["diff"] + paths, in: folder)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(text.isEmpty ? result.output.isEmpty : result.output.contains(text), "\(arguments): \(result.output)")
      #expect(!result.output.contains("\u{1B}"), "a file is no terminal")
    }
  }

  @Test func aRunIsComparedByItsRecordsAndItsCheckpoint() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["run", "small.yaml", "--quiet", "--epochs", "1"], in: folder).status == 0)
    let run = try SmallExperiment.directory(folder)
    let result = try Program.run(["diff", "small.yaml", run, "--format", "json"], in: folder)
    #expect(result.status == 1, "\(result.errors)")
    let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let changes = document?["changes"] as? [[String: Any]]
    #expect(changes?.map { $0["path"] as? String } == ["train.epochs"])
    let checkpoint = (document?["consequences"] as? [String: Any])?["checkpoint"] as? [String: Any]
    #expect(checkpoint?["loads"] as? Bool == true)
    #expect(try Program.run(["diff", run, run], in: folder).status == 0)
    #expect(try Program.run(["show", run], in: folder).status == 0, "a run stands for its resolved spec")
  }

  @Test func explainShowsAValueOrWhatThereIs() throws {
    let folder = try TemporaryFolder()
    let spec = "\(specs)/cnn1d.yaml"
    let found = try Program.run(["explain", spec, "train.optimizer.adam.lr", "--set", "lr=0.5"], in: folder)
    #expect(found.status == 0 && found.output.hasPrefix("train.optimizer.adam.lr = 0.5\n"), "\(found.errors)")
    #expect(found.output.contains("parameter lr = 0.5  --set lr"))
    let json = try Program.run(["explain", spec, "lr", "--json"], in: folder)
    #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any])
    let wrong = try Program.run(["explain", spec, "train.optimiser.adam.lr"], in: folder)
    #expect(wrong.status == 3 && wrong.output.isEmpty)
    #expect(wrong.errors.contains("'train.optimizer.adam.lr'"), "\(wrong.errors)")
  }
}
