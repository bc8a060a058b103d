import Corpus
import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing

@Suite struct JoinedCorpusTests {
  private let vocabulary = Vocabulary([.splitPolicy: SplitCatalog.kinds])

  private func part(_ name: String, _ classes: String) -> String {
    """
    name: \(name)
    pattern: "{speaker}_{sentence}_{emotion}"
    label: emotion
    speaker: speaker
    sentence: sentence
    classes: \(classes)
    """
  }

  /// Two corpora and what joins them, resolved.
  private func corpus(_ joined: String) throws -> (CorpusSpec, TemporaryFolder) {
    let folder = try TemporaryFolder([
      "one/1_a_SAD.wav", "one/1_a_ANG.wav", "one/2_a_FEA.wav", "two/1_a_01.wav", "two/1_b_02.wav", "two/3_a_03.wav",
      "two/3_a_03x.wav",
    ])
    for (name, text) in [
      ("one", part("one", "{SAD: sad, ANG: angry, FEA: fear}")),
      ("two", part("two", "{\"01\": angry, \"02\": sad, \"03\": scared, \"04\": bored}")), ("both", joined),
    ] {
      try text.write(toFile: folder.file("\(name).yaml"), atomically: true, encoding: .utf8)
    }
    return (try resolveCorpus(folder.file("both.yaml"), libraryFolders: [], vocabulary: vocabulary), folder)
  }

  private func folders(_ corpus: CorpusSpec, _ folder: TemporaryFolder) throws -> CorpusFolders {
    try CorpusFolders(["one=\(folder.file("one"))", "two=\(folder.file("two"))"], corpus: corpus)
  }

  @Test("Classes are those that all corpora have, by name; speakers, sentences and clips are told apart by corpus")
  func common() throws {
    let (corpus, folder) = try corpus("join: [one.yaml, two.yaml]")
    #expect(corpus.name == "one+two")
    #expect(corpus.classes.map(\.name) == ["sad", "angry"])
    let scan = try scan(corpus: corpus, folders: try folders(corpus, folder))
    #expect(
      scan.clips.map(\.relativePath) == ["one/1_a_ANG.wav", "one/1_a_SAD.wav", "two/1_a_01.wav", "two/1_b_02.wav"])
    #expect(scan.clips.map(\.label) == ["angry", "sad", "angry", "sad"])
    #expect(scan.clips.map(\.classIndex) == [1, 0, 1, 0])
    #expect(scan.clips.map(\.speaker) == ["one/1", "one/1", "two/1", "two/1"])
    #expect(scan.clips.map(\.sentence) == ["one/a", "one/a", "two/a", "two/b"])
    #expect(scan.clips.map(\.corpus) == ["one", "one", "two", "two"])
    #expect(scan.clips[2].path == folder.file("two/1_a_01.wav"))
    let dropped = scan.warnings.filter { $0.id == "data.class_dropped" }
    #expect(dropped.map(\.summary.first) == ["1", "1"])
    #expect(dropped[1].summary.contains("'scared' of corpus 'two'"))
    #expect(scan.warnings.contains { $0.id == "data.class_unknown" })
  }

  @Test("Names can be mapped to joint ones or dropped, and classes that not all have be named")
  func mapped() throws {
    let (corpus, folder) = try corpus(
      "{name: both, join: [one.yaml, two.yaml], classes: [angry, fear, sad], labels: {scared: fear, bored: ~}}")
    #expect(corpus.name == "both")
    let scan = try scan(corpus: corpus, folders: try folders(corpus, folder))
    #expect(scan.clips.count == 6)
    #expect(scan.clips.filter { $0.label == "fear" }.map(\.corpus) == ["one", "two"])
    #expect(!scan.warnings.contains { $0.id == "data.class_dropped" })
  }

  @Test("A folder that holds one for each corpus will do; one for each wins; unknown names are errors")
  func dataFolders() throws {
    let (corpus, folder) = try corpus("join: [one.yaml, two.yaml]")
    #expect(try scan(corpus: corpus, root: folder.path).clips.count == 4)
    #expect(Corpora.ids { _ = try CorpusFolders(["onee=x"], corpus: corpus) } == ["data.folders"])
    #expect(Corpora.ids { _ = try CorpusFolders(["x", "y"], corpus: corpus) } == ["data.folders"])
    #expect(Corpora.ids { _ = try CorpusFolders(["one=x", "one=y"], corpus: corpus) } == ["data.folders"])
    let absent = Corpora.ids { _ = try scan(corpus: corpus, folders: try CorpusFolders([], corpus: corpus)) }
    #expect(absent == ["data.corpus_missing", "data.corpus_missing"])
    // A single corpus may be named, and an equals sign may stand in a path.
    let single = Corpora.corpus()
    #expect(try CorpusFolders(["test=a"], corpus: single).root(of: single) == "a")
    #expect(try CorpusFolders(["x=a"], corpus: single).root(of: single) == "x=a")
  }

  @Test("The rows of a manifest that stands for a table are found below the corpus's name")
  func tables() throws {
    let table = """
      name: two
      table: absent.csv
      label: emotion
      speaker: who
      classes: {A: angry, S: sad}
      """
    let (_, folder) = try corpus("join: [one.yaml, two.yaml]")
    try table.write(toFile: folder.file("two.yaml"), atomically: true, encoding: .utf8)
    let corpus = try resolveCorpus(folder.file("both.yaml"), libraryFolders: [], vocabulary: vocabulary)
    let list = "file,emotion,who\none/1_a_SAD.wav,,\none/1_a_ANG.wav,,\ntwo/x.wav,A,eve\ntwo/y.wav,S,eve\n"
    let clips = try Manifest(SourceFile(name: "m.csv", text: list)).references(corpus: corpus).clips
    #expect(clips.map(\.speaker) == ["one/1", "one/1", "two/eve", "two/eve"])
  }

  @Test("A manifest tells the corpus by the first folder")
  func manifest() throws {
    let (corpus, _) = try corpus("join: [one.yaml, two.yaml]")
    let list = "file\none/1_a_SAD.wav\none/1_a_ANG.wav\ntwo/9_a_01.wav\n"
    let clips = try Manifest(SourceFile(name: "m.csv", text: list)).references(corpus: corpus).clips
    #expect(clips.map(\.speaker) == ["one/1", "one/1", "two/9"])
    let strange = try Manifest(SourceFile(name: "m.csv", text: "file\n1_a_SAD.wav\n"))
    #expect(Corpora.ids { _ = try strange.references(corpus: corpus) } == ["data.manifest_corpus"])
  }

  @Test(
    "Mistakes in what is joined",
    arguments: [
      ("{join: [one.yaml, two.yaml], labels: {sad: ~, angry: ~}}", "corpus.join_classes"),
      ("{join: [one.yaml, two.yaml], classes: [sad, angri]}", "corpus.class_unknown"),
      ("{join: [one.yaml, two.yaml], classes: [sad, angry], labels: {scarred: sad}}", "corpus.class_unknown"),
      ("{join: [one.yaml, one.yaml]}", "corpus.join_twice"), ("{join: [both.yaml, one.yaml]}", "corpus.join_nested"),
      ("{join: [one.yaml, two.yaml], label: emotion}", "key.exclusive"), ("{join: [three.yaml]}", "corpus.not_found"),
    ])
  func mistakes(_ text: String, _ id: String) {
    let ids = Corpora.ids { _ = try corpus(text) }
    #expect(ids.contains(id), "\(ids)")
  }
}
