import Corpus
import Spec
import TestSupport
import Testing

@Suite struct CorpusFileTests {
  private func corpus(_ name: String) throws -> CorpusSpec {
    let folder = Shared.project.appendingPathComponent("specs").path
    let vocabulary = Vocabulary([.splitPolicy: SplitCatalog.kinds])
    return try resolveCorpus(name, libraryFolders: [folder], vocabulary: vocabulary)
  }

  /// One clip of each corpus by the naming scheme that its authors document.
  struct Example: Sendable, CustomTestStringConvertible {
    let corpus: String
    let clip: String
    let speaker: String
    let className: String
    var sentence: String?
    var gender: String?
    var testDescription: String { clip }
  }

  @Test(
    "The corpus files that come with the program read clips as their authors name them",
    arguments: [
      Example(corpus: "crema-d", clip: "1001_DFA_ANG_XX.wav", speaker: "1001", className: "angry", sentence: "DFA"),
      Example(
        corpus: "ravdess", clip: "Actor_12/03-01-06-01-02-01-12.wav", speaker: "12", className: "fear", sentence: "02",
        gender: "female"),
      Example(
        corpus: "demo", clip: "1024_WOY_NEU_XX.wav", speaker: "1024", className: "neutral", sentence: "WOY",
        gender: "female"),
      Example(
        corpus: "emo-db", clip: "03a01Fa.wav", speaker: "03", className: "happy", sentence: "a01", gender: "male"),
      Example(
        corpus: "emo-db", clip: "wav/16b10Wb.wav", speaker: "16", className: "angry", sentence: "b10", gender: "female"),
      Example(
        corpus: "tess", clip: "OAF_angry/OAF_back_angry.wav", speaker: "OAF", className: "angry", sentence: "back",
        gender: "female"),
      Example(
        corpus: "tess", clip: "YAF_pleasant_surprised/YAF_back_ps.wav", speaker: "YAF", className: "surprised",
        sentence: "back", gender: "female"),
      Example(
        corpus: "tess", clip: "OA_bite_neutral.wav", speaker: "OAF", className: "neutral", sentence: "bite",
        gender: "female"),
      Example(corpus: "savee", clip: "AudioData/DC/sa03.wav", speaker: "DC", className: "sad", gender: "male"),
      Example(corpus: "savee", clip: "KL/n30.wav", speaker: "KL", className: "neutral", gender: "male"),
      Example(
        corpus: "nemo", clip: "samples/WR0_surprised_64.wav", speaker: "WR0", className: "surprised", sentence: "64",
        gender: "male"),
      Example(
        corpus: "esd", clip: "0011/Angry/0011_000351.wav", speaker: "0011", className: "angry", gender: "male"),
      Example(
        corpus: "esd", clip: "ESD/0015/Surprise/train/0015_001501.wav", speaker: "0015", className: "surprised",
        gender: "female"),
    ])
  func sound(_ example: Example) throws {
    let corpus = try corpus(example.corpus)
    #expect(CorpusLayout.check(corpus).isEmpty)
    #expect(!corpus.obtain.isEmpty && !corpus.licence.isEmpty && !corpus.title.isEmpty)
    // Every class must have a clip: the others are made up from the example.
    let folder = try TemporaryFolder(try names(of: corpus, like: example.clip))
    let clip = try #require(
      try scan(corpus: corpus, root: folder.path).clips.first { $0.relativePath == example.clip })
    #expect(clip.speaker == example.speaker)
    #expect(corpus.classes[clip.classIndex].name == example.className)
    #expect(clip.sentence == example.sentence)
    #expect(clip.gender == example.gender)
    #expect(clip.corpus == example.corpus)
  }

  /// `example` and a name for every other class.
  private func names(of corpus: CorpusSpec, like example: String) throws -> [String] {
    let pattern = try NamePattern(try #require(corpus.pattern))
    let label = try #require(pattern.fields.firstIndex(of: corpus.labelField.value))
    let values = try #require(pattern.match(path: String(example.dropLast(4))))
    let others = corpus.classes.filter { $0.code.value != values[label] }.map { entry in
      var other = values
      other[label] = entry.code.value
      return "others/\(pattern.name(other)).wav"
    }
    return [example] + others
  }

  @Test("The example of a table divides by its column, labels mapped and dropped")
  func table() throws {
    let corpus = try corpus("csv-example")
    let path = Shared.project.appendingPathComponent("specs/corpora/csv-example.csv").path
    let scan = try references(manifest: path, corpus: corpus)
    #expect(scan.warnings.isEmpty)
    #expect(scan.clips.count == 48)
    #expect(scan.clips.count { $0.label == "angry" } == 12)
    let split = try SplitCatalog.split(scan.clips, by: Corpora.split("column"))
    #expect([split.train.count, split.val.count, split.test.count] == [24, 8, 16])
    #expect(Set(scan.clips.compactMap(\.gender)) == ["male", "female"])
  }

  @Test("The classes keep the order of the report")
  func order() throws {
    #expect(try corpus("crema-d").classes.map(\.code.value) == ["SAD", "ANG", "DIS", "FEA", "HAP", "NEU"])
    #expect(try corpus("demo").classes.map(\.code.value) == ["SAD", "ANG", "DIS", "FEA", "HAP", "NEU"])
  }

  @Test("The demo corpus has 24 speakers, 12 sentences and 6 classes, and can be made")
  func demo() throws {
    let corpus = try corpus("demo")
    let clips = try demoClips(corpus: corpus)
    #expect(clips.count == 1728)
    let samples = try SpeechSynthesizer(corpus: corpus).samples(for: clips[0])
    #expect(samples.count > 16_000)
  }

  @Test(
    "RAVDESS is found complete", .enabled(if: Shared.isExpected, Comment(rawValue: Shared.whySkipped)))
  func ravdess() throws {
    let scan = try scan(corpus: corpus("ravdess"), root: Shared.path("corpora/ravdess"))
    #expect(scan.clips.count == 720)
    #expect(scan.warnings.isEmpty)
    #expect(Set(scan.clips.compactMap(\.speaker)).count == 12)
    let split = try SplitCatalog.split(
      scan.clips, by: Corpora.split("group", ["test": .number(0.3), "val": .number(0.05)]))
    let overlap = try #require(SetOverlap(of: "speaker", split, clips: scan.clips))
    #expect(overlap.testShared.isEmpty && overlap.valShared.isEmpty && overlap.valTestShared.isEmpty)
  }
}
