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

  @Test(
    "The corpus files that come with the program are sound",
    arguments: [
      ("crema-d", "1001_DFA_ANG_XX", "1001", "ANG"), ("ravdess", "03-01-06-01-02-01-12", "12", "06"),
      ("demo", "1024_WOY_NEU_XX", "1024", "NEU"),
    ])
  func sound(_ name: String, _ clip: String, _ speaker: String, _ label: String) throws {
    let corpus = try corpus(name)
    let layout = try CorpusLayout(corpus)
    let values = try #require(layout.pattern.match(clip))
    #expect(values[layout.labelIndex] == label)
    #expect(layout.speakerIndex.map { values[$0] } == speaker)
    #expect(corpus.classes.contains { $0.code.value == label })
    #expect(!corpus.obtain.isEmpty && !corpus.licence.isEmpty && !corpus.title.isEmpty)
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
  }
}
