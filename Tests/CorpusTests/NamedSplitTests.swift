import Corpus
import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing

/// Splits that somebody else decided: by a column, by lists, by corpus.
@Suite struct NamedSplitTests {
  private let clips = Corpora.clips(speakers: 6, sentences: 1)

  private func ids(_ step: Step) -> [String] { Corpora.ids { _ = try SplitCatalog.split(clips, by: step) } }

  @Test("A column's values say the set; those under drop are left out")
  func column() throws {
    let step = Corpora.split(
      "column",
      ["column": .string("part"), "train": .string("a"), "val": Corpora.texts(["b"]), "test": Corpora.texts(["c"])])
    let split = try SplitCatalog.split(clips, by: step)
    #expect(split.train.map { clips[$0].field("part") } == Array(repeating: "a", count: 8))
    #expect(split.test.count == 8)
    let dropping = Corpora.split(
      "column",
      [
        "column": .string("speaker"), "train": Corpora.texts(["s0", "s1"]), "val": .string("s2"), "test": .string("s3"),
        "drop": Corpora.texts(["s4", "s5"]),
      ])
    let fewer = try SplitCatalog.split(clips, by: dropping)
    #expect(fewer.train.count + fewer.val.count + fewer.test.count == 16)
    #expect(fewer.warnings(clips, classNames: ["a", "b", "c", "d"]).map(\.id) == ["split.left_out"])
  }

  @Test("Values that stand for no set or for two, a column that there is not, a set without clips")
  func columnMistakes() {
    #expect(ids(Corpora.split("column")) == ["split.field_unknown"])
    #expect(
      ids(Corpora.split("column", ["column": .string("part"), "train": .string("a"), "val": .string("b")]))
        == ["data.split_value"])
    #expect(
      SplitCatalog.check(Corpora.split("column", ["train": .string("x"), "val": .string("x")])).map(\.id)
        == ["split.value_twice"])
    let empty = Corpora.split(
      "column",
      ["column": .string("part"), "train": Corpora.texts(["a", "b", "c"]), "val": .string("d"), "test": .string("e")])
    #expect(ids(empty) == ["data.split_empty", "data.split_empty"])
  }

  /// A `files` step over lists of these contents.
  private func lists(_ folder: TemporaryFolder, _ train: String, _ val: String, _ test: String) throws -> Step {
    for (name, text) in [("train.txt", train), ("val.txt", val), ("test.csv", test)] {
      try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
    }
    return Corpora.split(
      "files",
      [
        "train": .string(folder.file("train.txt")), "val": .string(folder.file("val.txt")),
        "test": .string(folder.file("test.csv")),
      ])
  }

  @Test("Lists name clips with or without ending, in a text or a table, in the order of the set")
  func files() throws {
    let folder = try TemporaryFolder()
    let step = try lists(
      folder, "# who trains\ns1_t0_SAD.wav\n\ns0_t0_ANG\n", "s2_t0_NEU.wav\r\n", "speaker,file\ns3,s3_t0_HAP.wav\n")
    let split = try SplitCatalog.split(clips, by: step)
    #expect(split.train.map { clips[$0].relativePath } == ["s1_t0_SAD.wav", "s0_t0_ANG.wav"])
    #expect(split.val.map { clips[$0].relativePath } == ["s2_t0_NEU.wav"])
    #expect(split.test.map { clips[$0].relativePath } == ["s3_t0_HAP.wav"])
  }

  @Test("A name that is no clip, one in two lists, one twice, an empty list, a missing list: at the line of the list")
  func fileMistakes() throws {
    let folder = try TemporaryFolder()
    let step = try lists(
      folder, "s0_t0_ANG.wav\ns0_t0_ANG\ns1_t0_SAX.wav\n", "s0_t0_ANG.wav\ns2_t0_NEU.wav\n", "file\n")
    let found = Corpora.failures { _ = try SplitCatalog.split(clips, by: step) }
    #expect(
      found.map(\.id) == [
        "data.split_name_twice", "data.split_name", "data.split_name_twice", "data.split_empty",
      ])
    #expect(found[1].suggestion == "s1_t0_SAD.wav")
    #expect(found[1].span?.start.line == 3)
    #expect(found[2].summary.contains("in the train list and in the val list"))
    let missing = Corpora.split(
      "files", ["train": .string("/none"), "val": .string("/none"), "test": .string("/none")])
    #expect(ids(missing) == ["data.split_list"])
    let noColumn = try lists(folder, "s0_t0_ANG.wav\n", "s2_t0_NEU.wav\n", "name\ns3_t0_HAP.wav\n")
    #expect(ids(noColumn) == ["data.split_list"])
  }

  @Test("Of names in folders, a file name will do where it is the only one")
  func names() {
    let names = ["a/1.wav", "b/1.wav", "b/2.wav"].map {
      ClipReference(audio: .absent, relativePath: $0, classIndex: 0, label: "x", speaker: nil, fields: [])
    }
    let folder = try? TemporaryFolder()
    func split(_ train: String) -> [String] {
      guard let folder, let step = try? lists(folder, train, "b/2.wav", "file\nb/1.wav\n") else { return ["no folder"] }
      return Corpora.ids { _ = try SplitCatalog.split(names, by: step) }
    }
    #expect(split("a/1") == [])
    #expect(split("1.wav") == ["data.split_name"])
    #expect(split("2") == ["data.split_name_twice"])
  }

  @Test("One corpus trains, another is tested, others are left out; validation has speakers of its own")
  func byCorpus() throws {
    let joined = ["x", "y", "z"].flatMap { corpus in
      Corpora.clips(speakers: 4, sentences: 1).map {
        ClipReference(
          audio: .absent, relativePath: "\(corpus)/\($0.relativePath)", classIndex: $0.classIndex, label: $0.label,
          speaker: "\(corpus)/\($0.speaker ?? "")", fields: [], corpus: corpus)
      }
    }
    let step = Corpora.split(
      "by_corpus", ["train": Corpora.texts(["x"]), "test": Corpora.texts(["y"]), "val": .number(0.25)])
    let split = try SplitCatalog.split(joined, by: step)
    #expect(split.test.count == 16 && split.val.count == 4 && split.train.count == 12)
    #expect(Set(split.test.map { joined[$0].corpus }) == ["y"])
    let overlap = try #require(SetOverlap(of: "speaker", split, clips: joined))
    #expect(overlap.testShared.isEmpty && overlap.valShared.isEmpty)
    #expect(
      SplitCatalog.check(
        Corpora.split("by_corpus", ["train": Corpora.texts(["x"]), "test": Corpora.texts(["x"]), "val": .number(0.25)])
      ).map(\.id) == ["split.value_twice"])
    let unknown = SplitCatalog.check(step, corpus: Corpora.corpus())
    #expect(unknown.map(\.id) == ["split.corpus_unknown", "split.corpus_unknown"])
  }
}
