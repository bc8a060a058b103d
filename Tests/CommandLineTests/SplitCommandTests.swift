import Foundation
import TestSupport
import Testing

@Suite struct SplitCommandTests {
  private let specs = Shared.project.appendingPathComponent("specs").path

  /// What `split --json` with `arguments` prints.
  private func split(_ arguments: [String], in folder: TemporaryFolder) throws -> [String: Any] {
    let result = try Program.run(["split"] + arguments + ["--json"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  private func files(_ document: [String: Any], _ set: String) throws -> [String] {
    try #require((document[set] as? [String: Any])?["files"] as? [String])
  }

  @Test("Another policy takes over what it knows of the one before, and tells what is shared")
  func policies() throws {
    let folder = try TemporaryFolder()
    let base = ["\(specs)/cnn2d.yaml", "--corpus", "demo"]
    let group = try split(base + ["--set", "split.policy=group"], in: folder)
    let sets = try ["train", "val", "test"].map { set in Set(try files(group, set).map { $0.prefix(4) }) }
    #expect(sets[0].isDisjoint(with: sets[1]) && sets[0].isDisjoint(with: sets[2]) && sets[1].isDisjoint(with: sets[2]))
    let leakage = try #require(group["leakage"] as? [String: [String: Any]])
    #expect(leakage["speakers"]?["test_shared"] as? Int == 0)
    #expect(leakage["speakers"]?["test"] as? Int == 7)
    #expect(leakage["sentences"]?["test_shared"] as? Int == 12)
    let classes = try #require((group["test"] as? [String: Any])?["classes"] as? [String: Int])
    #expect(classes.values.allSatisfy { $0 == 84 } && classes.count == 6)

    let fold = try split(
      base + ["--set", "split={policy: k_fold, fold: 2, group: speaker, val: 0.1}"], in: folder)
    #expect((fold["warnings"] as? [String])?.isEmpty == true)
    let one = try split(
      base + ["--set", "split.policy=leave_one_speaker_out", "--set", "split.speaker=1007"], in: folder)
    #expect(try files(one, "test").allSatisfy { $0.hasPrefix("1007_") })
    let unknown = try Program.run(
      ["split"] + base + ["--set", "split.policy=group", "--set", "split.folds=3"], in: folder)
    #expect(unknown.status == 3 && unknown.errors.contains("set.unknown") || unknown.errors.contains("key.unknown"))
  }

  @Test("The lists that a run writes are a split, too")
  func lists() throws {
    let folder = try TemporaryFolder()
    let base = ["\(specs)/cnn2d.yaml", "--corpus", "demo"]
    let drawn = try split(base, in: folder)
    for set in ["train", "val", "test"] {
      try (["file"] + files(drawn, set)).joined(separator: "\n")
        .write(toFile: folder.file("\(set).csv"), atomically: true, encoding: .utf8)
    }
    let again = try split(
      base + ["--set", "split={policy: files, train: train.csv, val: val.csv, test: test.csv}"], in: folder)
    for set in ["train", "val", "test"] { #expect(try files(again, set) == files(drawn, set)) }
  }

  @Test("Joined corpora: one trains, the other is tested")
  func joined() throws {
    let folder = try TemporaryFolder()
    var names = ["file"]
    for speaker in 1001...1006 {
      for code in ["SAD", "ANG", "DIS", "FEA", "HAP", "NEU"] { names.append("crema-d/\(speaker)_DFA_\(code)_XX.wav") }
    }
    for speaker in ["01", "02"] {
      for code in 1...8 { names.append("ravdess/03-01-0\(code)-01-01-01-\(speaker).wav") }
    }
    try names.joined(separator: "\n").write(toFile: folder.file("list.csv"), atomically: true, encoding: .utf8)
    let document = try split(
      [
        "\(specs)/cnn2d.yaml", "--corpus", "crema-d,ravdess", "--manifest", "list.csv", "--set",
        "split={policy: by_corpus, train: [crema-d], test: [ravdess], val: 0.2}",
      ], in: folder)
    #expect(try files(document, "test").count == 12)
    #expect(try files(document, "val").count == 6)
    #expect(try files(document, "test").allSatisfy { $0.hasPrefix("ravdess/") })
    let warnings = try #require(document["warnings"] as? [String])
    #expect(warnings.count == 2 && warnings.allSatisfy { $0.contains("of corpus 'ravdess' left out") })
    let classes = try #require((document["test"] as? [String: Any])?["classes"] as? [String: Int])
    #expect(classes == ["sad": 2, "angry": 2, "disgust": 2, "fear": 2, "happy": 2, "neutral": 2])
  }

  @Test("The resolved form of a joined corpus is itself a spec with the same hash")
  func resolved() throws {
    let folder = try TemporaryFolder()
    let arguments = ["--corpus", "crema-d,ravdess"]
    let shown = try Program.run(["show", "\(specs)/cnn2d.yaml", "--resolved"] + arguments, in: folder)
    #expect(shown.status == 0, "\(shown.errors)")
    try shown.output.write(toFile: folder.file("resolved.yaml"), atomically: true, encoding: .utf8)
    let again = try Program.run(["show", "resolved.yaml", "--resolved"], in: folder)
    #expect(again.status == 0, "\(again.errors)")
    let same = try Program.run(["diff", "\(specs)/cnn2d.yaml", "resolved.yaml"] + arguments, in: folder)
    #expect([0, 1].contains(same.status), "\(same.errors)")
  }

  @Test("The example of a table divides by its column")
  func table() throws {
    let folder = try TemporaryFolder()
    let document = try split(
      [
        "\(specs)/cnn2d.yaml", "--corpus", "csv-example", "--manifest", "\(specs)/corpora/csv-example.csv", "--set",
        "split.policy=column",
      ], in: folder)
    #expect(try files(document, "train").count == 24)
    let leakage = try #require(document["leakage"] as? [String: [String: Any]])
    #expect(leakage["speakers"]?["test_shared"] as? Int == 0)
    #expect(leakage["sentences"]?["shared"] as? [String] == ["t1", "t2"])
  }
}
