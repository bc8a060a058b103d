import Corpus
import Diagnostics
import Spec
import Testing

@Suite struct GroupSplitTests {
  private func overlaps(_ split: Split, _ clips: [ClipReference], _ attribute: String = "speaker") throws -> Int {
    let overlap = try #require(SetOverlap(of: attribute, split, clips: clips))
    return overlap.testShared.count + overlap.valShared.count + overlap.valTestShared.count
  }

  @Test("No speaker is in two sets, every clip in one, and the sizes come near, for many seeds", arguments: 0..<20)
  func disjoint(_ seed: Int) throws {
    let clips = Corpora.clips(speakers: 20)
    let step = Corpora.split("group", ["test": .number(0.3), "val": .number(0.1), "seed": .integer(seed)])
    let split = try SplitCatalog.split(clips, by: step)
    #expect(try overlaps(split, clips) == 0)
    #expect((split.train + split.val + split.test).sorted() == Array(clips.indices))
    // 240 clips, 12 a speaker: 72 are six speakers, 17 are nearer to one than to two.
    #expect(split.test.count == 72)
    #expect(split.val.count == 12)
    #expect(try SplitCatalog.split(clips, by: step) == split)
  }

  @Test("Seeds draw different speakers")
  func seeds() throws {
    let clips = Corpora.clips(speakers: 20)
    let tests = try (0..<10).map { seed in
      try SplitCatalog.split(
        clips, by: Corpora.split("group", ["test": .number(0.3), "val": .number(0.1), "seed": .integer(seed)])
      ).test
    }
    #expect(Set(tests).count > 5)
  }

  @Test("Classes are shared out as evenly as speakers of unlike make-up allow", arguments: 0..<10)
  func stratified(_ seed: Int) {
    // Half of the speakers are only angry, half only sad, of sizes 10 to 19: chance alone would often give sets of one class.
    let counts = (0..<20).map { $0.isMultiple(of: 2) ? [10 + $0 / 2, 0] : [0, 10 + $0 / 2] }
    let total = counts.reduce([0, 0]) { [$0[0] + $1[0], $0[1] + $1[1]] }
    let size = total[0] + total[1]
    let sizes = [size / 5, size / 5, size - 2 * (size / 5)]
    let sets = GroupDraw(classCounts: counts, sizes: sizes, seed: UInt32(seed)).sets()
    for set in 0..<3 {
      for label in 0..<2 {
        let held = zip(sets, counts).filter { $0.0 == set }.reduce(0) { $0 + $1.1[label] }
        let wanted = Double(sizes[set]) * Double(total[label]) / Double(size)
        #expect(abs(Double(held) - wanted) <= 5, "set \(set), class \(label), seed \(seed)")
      }
    }
  }

  @Test("Every set gets a group, however small its share")
  func smallShares() throws {
    let clips = Corpora.clips(speakers: 3)
    let split = try SplitCatalog.split(
      clips, by: Corpora.split("group", ["test": .number(0.01), "val": .number(0.01)]))
    #expect([split.train.count, split.val.count, split.test.count] == [12, 12, 12])
  }

  @Test("Sentences and fields of the pattern can be kept apart, too")
  func otherFields() throws {
    let clips = Corpora.clips(speakers: 6, sentences: 6)
    for by in ["sentence", "part"] {
      let step = Corpora.split("group", ["by": .string(by), "test": .number(0.3), "val": .number(0.3)])
      #expect(try overlaps(try SplitCatalog.split(clips, by: step), clips, by) == 0)
    }
    // Speakers of a split by sentences are shared, and the spec does not say that this is meant.
    let bySentence = Corpora.split("group", ["by": .string("sentence"), "test": .number(0.3), "val": .number(0.3)])
    #expect(SplitCatalog.sharesSpeakersUnsaid(bySentence))
    #expect(
      !SplitCatalog.sharesSpeakersUnsaid(Corpora.split("group", ["test": .number(0.3), "val": .number(0.3)])))
  }

  @Test("Fewer speakers than sets, no clips to train, and a field that nothing tells")
  func refused() {
    func ids(_ speakers: Int, _ fields: [String: FieldValue.Content]) -> [String] {
      let step = Corpora.split("group", fields)
      return Corpora.ids { _ = try SplitCatalog.split(Corpora.clips(speakers: speakers), by: step) }
    }
    #expect(ids(2, ["test": .number(0.3), "val": .number(0.1)]) == ["data.split_groups"])
    #expect(ids(5, ["test": .integer(60), "val": .number(0.1)]) == ["data.split_too_small"])
    #expect(ids(5, ["by": .string("spaeker"), "test": .number(0.3), "val": .number(0.1)]) == ["split.field_unknown"])
    let failures = Corpora.failures {
      _ = try SplitCatalog.split(
        Corpora.clips(speakers: 5),
        by: Corpora.split("group", ["by": .string("spaeker"), "test": .number(0.3), "val": .number(0.1)]))
    }
    #expect(failures.first?.suggestion == "speaker")
  }

  @Test("Leave one speaker out: all of the speaker's clips are tested, and validation has speakers of its own")
  func leaveOneOut() throws {
    let clips = Corpora.clips(speakers: 6)
    let split = try SplitCatalog.split(
      clips, by: Corpora.split("leave_one_speaker_out", ["speaker": .string("s3"), "val": .number(0.2)]))
    #expect(Set(split.test.map { clips[$0].speaker }) == ["s3"])
    #expect(split.test.count == 12)
    #expect(split.val.count == 12)
    #expect(try overlaps(split, clips) == 0)
    let failures = Corpora.failures {
      _ = try SplitCatalog.split(
        clips, by: Corpora.split("leave_one_speaker_out", ["speaker": .string("S33"), "val": .number(0.2)]))
    }
    #expect(failures.map(\.id) == ["data.speaker_unknown"])
    #expect(failures.first?.suggestion == "s3")
  }

  @Test("What stands on both sides is counted and named")
  func report() throws {
    let clips = Corpora.clips(speakers: 6)
    let split = try SplitCatalog.split(
      clips, by: Corpora.split("group", ["test": .number(0.3), "val": .number(0.2)]))
    let json = SplitReport(split, clips: clips, classNames: ["angry", "happy", "neutral", "sad"]).json(warnings: [])
    let speakers = try #require(json["leakage"]?["speakers"])
    #expect(speakers["test_shared"]?.asInteger == 0)
    #expect(speakers["test"]?.asInteger == 2)
    let sentences = try #require(json["leakage"]?["sentences"])
    #expect(sentences["test_shared"]?.asInteger == 3)
    #expect(sentences["shared"]?.text(.line) == #"["t0", "t1", "t2"]"#)
    #expect(json["test"]?["classes"]?["angry"]?.asInteger == 6)
    #expect(json["test"]?["count"]?.asInteger == 24)
  }

  @Test("A set without clips of a class is named, and so are clips in no set")
  func warnings() {
    let clips = Corpora.clips(speakers: 2, sentences: 1)
    let split = Split(train: [0, 1, 2, 3], val: [4, 5, 6, 7], test: [0, 1])
    let warnings = split.warnings(clips, classNames: ["angry", "happy", "neutral", "sad"])
    #expect(warnings.map(\.id) == ["split.class_absent"])
    #expect(warnings[0].summary == "the test set has no clips of neutral, sad")
    let fewer = Split(train: [0, 1, 2, 3], val: [4, 5, 6, 7], test: []).warnings(clips + clips, classNames: ["angry"])
    #expect(fewer.map(\.id) == ["split.left_out"])
  }
}
