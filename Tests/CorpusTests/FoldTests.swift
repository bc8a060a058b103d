import Corpus
import Crypto
import Diagnostics
import Foundation
import Spec
import Testing

@Suite struct FoldTests {
  /// The class codes of make_folds.py.
  private static let codes = ["c10", "c2", "B", "a", "é", "Ω", "c1", "_", "Z", "aa", "𝔞", "\u{FB00}"]

  /// Clips as make_folds.py numbers them.
  private func clips(_ counts: [Int], groups: Int) -> [ClipReference] {
    var left = counts
    var labels: [String] = []
    while left.contains(where: { $0 > 0 }) {
      for index in left.indices where left[index] > 0 {
        labels.append(Self.codes[index])
        left[index] -= 1
      }
    }
    return labels.enumerated().map { index, label in
      ClipReference(
        audio: .absent, relativePath: "\(index)", classIndex: 0, label: label,
        speaker: "s\((index * index + index / 3) % groups)", fields: [])
    }
  }

  private func sha256(_ text: String) -> String {
    String(SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined().prefix(16))
  }

  private func split(_ clips: [ClipReference], _ step: Step) throws -> String {
    let split = try SplitCatalog.split(clips, by: step)
    return sha256(
      [split.train, split.val, split.test].map { $0.map(String.init).joined(separator: ",") }.joined(separator: ";"))
  }

  /// The fold of each clip, as the test sets of all folds tell it.
  private func folds(_ clips: [ClipReference], _ count: Int, seed: Int, group: Bool, stratified: Bool) throws -> String
  {
    var found = Array(repeating: -1, count: clips.count)
    let groups = indicesByClass(clips.map { $0.speaker ?? "" })
    let labels = indicesByClass(clips.map(\.label))
    let foldOf: [Int]
    let seed = UInt32(truncatingIfNeeded: seed)
    switch (group, stratified) {
    case (false, false): foldOf = Folds.plain(count: clips.count, folds: count, seed: seed)
    case (false, true): foldOf = Folds.stratified(labels: clips.map(\.label), folds: count, seed: seed)
    default:
      let counts = groups.map { group in
        labels.map { label in Set(label.indices).intersection(group.indices).count }
      }
      let ofGroup =
        stratified
        ? Folds.stratifiedGrouped(classCounts: counts, folds: count, seed: seed)
        : Folds.grouped(groups: groups.count, folds: count, seed: seed)
      for (group, fold) in zip(groups, ofGroup) {
        for index in group.indices { found[index] = fold }
      }
      foldOf = found
    }
    return sha256(foldOf.map(String.init).joined(separator: ","))
  }

  @Test(
    "Folds and random splits equal scikit-learn's for 240 sizes, groups and seeds, and are refused where it refuses")
  func manyFolds() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/folds.csv")
    let table = try CSVTable(SourceFile(name: "folds.csv", text: Array(Data(contentsOf: path))))
    #expect(table.rows.count == 240)
    for row in table.rows {
      let kind = row.fields[0]
      let counts = row.fields[1].split(separator: " ").compactMap { Int($0) }
      let count = try #require(Int(row.fields[3]))
      let seed = try #require(Int(row.fields[4]))
      let val = FieldValue.Content.number(try #require(Double(row.fields[5])))
      let clips = clips(counts, groups: try #require(Int(row.fields[2])))
      let expected = row.fields[6]
      if expected == "refused" {
        let step = Corpora.split(
          "k_fold",
          [
            "folds": .integer(count), "group": .string("speaker"), "stratified": .boolean(kind == "stratified_group"),
            "val": val,
          ])
        let ids = Corpora.ids { _ = try SplitCatalog.split(clips, by: step) }
        #expect(!ids.isEmpty && ids.allSatisfy { ["data.split_groups", "data.class_too_small"].contains($0) })
        continue
      }
      let found =
        switch kind {
        case "random":
          try split(
            clips, Corpora.split("random", ["test": .number(0.3), "val": val, "seed": .integer(seed)]))
        case "stratified_val":
          try split(
            clips, Corpora.split("k_fold", ["folds": .integer(count), "val": val, "seed": .integer(seed)]))
        default:
          try folds(
            clips, count, seed: seed, group: kind.hasSuffix("group"), stratified: kind.hasPrefix("stratified"))
        }
      #expect(found == expected, "\(row.fields)")
    }
  }

  @Test("The folds together test each clip once, and a fold has no clip in two sets", arguments: [true, false])
  func partition(_ stratified: Bool) throws {
    let clips = Corpora.clips(speakers: 10)
    for group in [FieldValue.Content.none, .string("speaker")] {
      var tested: [Int] = []
      for fold in 1...5 {
        let split = try SplitCatalog.split(
          clips,
          by: Corpora.split(
            "k_fold", ["fold": .integer(fold), "group": group, "stratified": .boolean(stratified), "val": .number(0.2)])
        )
        #expect((split.train + split.val + split.test).sorted() == Array(clips.indices))
        tested += split.test
        if case .string = group {
          let overlap = try #require(SetOverlap(of: "speaker", split, clips: clips))
          #expect(overlap.testShared.isEmpty && overlap.valShared.isEmpty && overlap.valTestShared.isEmpty)
        }
      }
      #expect(tested.sorted() == Array(clips.indices))
    }
  }

  @Test("A fold that there is not, and classes and groups too small for the folds")
  func refused() throws {
    let clips = Corpora.clips(speakers: 4, sentences: 1)
    func ids(_ fields: [String: FieldValue.Content]) -> [String] {
      let step = Corpora.split("k_fold", fields.merging(["val": .number(0.2)]) { given, _ in given })
      return Corpora.ids { _ = try SplitCatalog.split(clips, by: step) }
    }
    #expect(ids(["fold": .integer(6)]) == ["split.fold"])
    #expect(ids([:]) == Array(repeating: "data.class_too_small", count: 4))
    #expect(ids(["group": .string("speaker"), "stratified": .boolean(false)]) == ["data.split_groups"])
    #expect(ids(["folds": .integer(20), "stratified": .boolean(false)]) == ["data.split_groups"])
    #expect(ids(["group": .string("speakr")]) == ["split.field_unknown"])
    #expect(ids(["val": .number(1)]) == ["split.size"])
  }
}
