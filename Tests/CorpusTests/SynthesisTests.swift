import Corpus
import Diagnostics
import Foundation
import Spec
import Synchronization
import TestSupport
import Testing

@Suite struct SynthesisTests {
  private func clip(_ name: String, in clips: [ClipReference]) throws -> ClipReference {
    try #require(clips.first { $0.relativePath == name })
  }

  private func rms(_ samples: [Float]) -> Float {
    (samples.reduce(0) { $0 + $1 * $1 } / Float(max(1, samples.count))).squareRoot()
  }

  @Test("Every speaker says every sentence in every class, named by the pattern")
  func clips() throws {
    let clips = try demoClips(corpus: Corpora.synthesized())
    #expect(clips.count == 4 * 3 * 3)
    #expect(clips.first?.relativePath == "1001_BAL_ANG_XX.wav")
    #expect(clips.allSatisfy { $0.audio == .synthesized })
    #expect(Set(clips.compactMap(\.speaker)) == ["1001", "1002", "1003", "1004"])
  }

  @Test("All sounds of all sentences exist")
  func sentences() {
    #expect(Sentence.all.count == 12)
    #expect(Set(Sentence.all.map(\.code)).count == 12)
    for sentence in Sentence.all {
      #expect(sentence.sounds.count == sentence.text.split(separator: " ").count, "\(sentence.code)")
    }
  }

  @Test("A clip depends on seed and name alone, stays within full scale and is neither silent nor clipped")
  func determinism() throws {
    let corpus = Corpora.synthesized()
    let synthesizer = try SpeechSynthesizer(corpus: corpus)
    let clips = try synthesizer.clips()
    let one = try clip("1002_BAL_ANG_XX.wav", in: clips)
    let samples = synthesizer.samples(for: one)
    #expect(samples == (try SpeechSynthesizer(corpus: corpus).samples(for: one)))
    #expect(samples != (try SpeechSynthesizer(corpus: Corpora.synthesized(seed: 2)).samples(for: one)))
    #expect(samples != synthesizer.samples(for: try clip("1002_BAL_NEU_XX.wav", in: clips)))
    #expect(samples.allSatisfy { abs($0) <= 0.951 })
    for clip in clips {
      let level = rms(synthesizer.samples(for: clip))
      #expect(level > 0.003 && level < 0.4, "\(clip.relativePath): \(level)")
    }
  }

  /// Voices without any variation, so that only the style can make the difference.
  @Test("Styles sound as they say: tempo, loudness, pitch, tilt")
  func styles() throws {
    let corpus = Corpora.synthesized(
      styles: [
        ("N", [:]), ("FAST", ["tempo": 1.6]), ("LOUD", ["loudness": 6]), ("HIGH", ["pitch": 7]), ("DARK", ["tilt": 10]),
      ], classes: ["N", "FAST", "LOUD", "HIGH", "DARK"], variation: 0)
    let synthesizer = try SpeechSynthesizer(corpus: corpus)
    let clips = try synthesizer.clips()
    func samples(_ code: String) throws -> [Float] {
      synthesizer.samples(for: try clip("1001_BAL_\(code)_XX.wav", in: clips))
    }
    let neutral = try samples("N")
    #expect(try samples("FAST").count < neutral.count - 4000)
    #expect(try rms(samples("LOUD")) > 1.5 * rms(neutral))
    #expect(try pitch(samples("HIGH")) > 1.25 * pitch(neutral))
    #expect(try brightness(samples("DARK")) < 0.85 * brightness(neutral))
  }

  /// The median over loud frames of the lag with the highest autocorrelation, in Hz.
  private func pitch(_ samples: [Float]) -> Float {
    let length = 640
    let lags = 40...200
    var found: [Float] = []
    for start in stride(from: 0, to: samples.count - length - lags.upperBound, by: 400) {
      let frame = samples[start..<start + length + lags.upperBound].map { $0 }
      guard rms(frame) > rms(samples) else { continue }
      let products = lags.map { lag in (0..<length).reduce(Float(0)) { $0 + frame[$1] * frame[$1 + lag] } }
      if let best = products.indices.max(by: { products[$0] < products[$1] }) {
        found.append(16_000 / Float(lags.lowerBound + best))
      }
    }
    return found.sorted()[found.count / 2]
  }

  /// The median over loud frames, which are vowels, of the RMS of differences beside the RMS: grows with the share of
  /// high frequencies.
  private func brightness(_ samples: [Float]) -> Float {
    let found = stride(from: 0, to: samples.count - 400, by: 400).compactMap { start -> Float? in
      let frame = Array(samples[start..<start + 400])
      guard rms(frame) > rms(samples) else { return nil }
      return rms(zip(frame, frame.dropFirst()).map { $1 - $0 }) / rms(frame)
    }
    return found.sorted()[found.count / 2]
  }

  @Test("A given duration is met to the sample, however short or long", arguments: [0.001, 0.1, 0.7, 2.2771, 12])
  func duration(_ seconds: Double) throws {
    let synthesizer = try SpeechSynthesizer(corpus: Corpora.synthesized())
    let clip = try #require(try synthesizer.clips().first)
    #expect(synthesizer.samples(for: clip, seconds: seconds).count == Int((seconds * 16_000).rounded()))
  }

  @Test("Written files are those of memory, at the manifest's names and sizes")
  func writing() throws {
    let folder = try TemporaryFolder()
    let corpus = Corpora.synthesized()
    let rows = "9_DFA_SAD_LO.wav,40618\nsub/9_DFA_ANG_XX.wav,60044\n8_TIE_NEU_XX.wav,50000\n8_DFA_NEU_XX.wav,44046\n"
    let manifest = try Manifest(SourceFile(name: "m.csv", text: "file,bytes\n" + rows))
    let calls = Mutex<[Int]>([])
    let written = try writeCorpus(to: folder.path, corpus: corpus, manifest: manifest) { done, total in
      calls.withLock { $0.append(done) }
      #expect(total == 4)
    }
    #expect(written.clips == 4)
    #expect(calls.withLock { $0.sorted() } == [1, 2, 3, 4])
    for (row, entry) in zip(rows.split(separator: "\n"), manifest.entries) {
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(entry.file)"))
      #expect("\(entry.file),\(data.count)" == row)
    }
    // Nothing temporary is left, and a scan finds the files again.
    let scan = try scan(corpus: corpus, root: folder.path)
    #expect(scan.clips.count == 4)
    #expect(scan.warnings.isEmpty)
    let first = try #require(scan.clips.first { $0.relativePath == "9_DFA_SAD_LO.wav" })
    let data = try Data(contentsOf: URL(fileURLWithPath: first.path))
    #expect(data.prefix(4) == Data("RIFF".utf8))
    let memory = try SpeechSynthesizer(corpus: corpus).samples(for: first, seconds: (40_618 - 44) / 32_000)
    let stored = stride(from: 44, to: data.count, by: 2).map {
      Float(Int16(bitPattern: UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)) / 32_768
    }
    #expect(stored == memory)
  }

  @Test("A folder that cannot be made is an error of the run")
  func unwritable() throws {
    let folder = try TemporaryFolder(["file"])
    let failure = #expect(throws: DiagnosticFailure.self) {
      try writeCorpus(to: "\(folder.path)/file/below", corpus: Corpora.synthesized())
    }
    #expect(failure?.diagnostics.map(\.id) == ["run.write_failed"])
  }

  @Test("Classes and styles must belong together, and names must tell the sentence")
  func mistakes() {
    func ids(_ corpus: CorpusSpec) -> [String]? {
      #expect(throws: DiagnosticFailure.self) { try SpeechSynthesizer(corpus: corpus) }?.diagnostics.map(\.id)
    }
    #expect(ids(Corpora.corpus()) == ["corpus.not_synthesized"])
    #expect(
      ids(Corpora.synthesized(styles: [("A", [:]), ("X", [:])], classes: ["A", "B"]))
        == ["corpus.style_unknown", "corpus.style_missing"])
    #expect(ids(Corpora.synthesized(pattern: "{speaker}_{emotion}")) == ["corpus.field_unknown"])
  }
}
