import Corpus
import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing

@Suite struct ScanTests {
  private let complete = ["1_A_SAD_X.wav", "1_A_ANG_X.wav", "1_A_NEU_X.wav"]

  private func failure(_ body: () throws -> Void) throws -> [Diagnostic] {
    try #require(#expect(throws: DiagnosticFailure.self) { try body() }).diagnostics
  }

  @Test("Clips are found in all folders, sorted by name and then path, with label, speaker and fields")
  func order() throws {
    let folder = try TemporaryFolder(["z/1_A_ANG_X.wav", "a/2_A_NEU_X.WAV", "1_B_SAD_X.wav", "b/1_B_SAD_X.wav"])
    let scan = try scan(corpus: Corpora.corpus(), root: folder.path)
    #expect(
      scan.clips.map(\.relativePath) == ["z/1_A_ANG_X.wav", "1_B_SAD_X.wav", "b/1_B_SAD_X.wav", "a/2_A_NEU_X.WAV"])
    #expect(scan.clips.map(\.classIndex) == [1, 0, 0, 2])
    #expect(scan.clips.map(\.speaker) == ["1", "1", "1", "2"])
    #expect(scan.clips[0].path == "\(folder.path)/z/1_A_ANG_X.wav")
    #expect(scan.clips[0].field("sentence") == "A")
    // The same name in two folders most likely is a copy.
    #expect(scan.warnings.map(\.id) == ["data.name_twice"])
  }

  @Test("Links are followed, but not in circles; hidden files are passed over")
  func links() throws {
    let folder = try TemporaryFolder(complete + ["sub/2_A_NEU_X.wav", "._1_A_SAD_X.wav", ".git/1_A_SAD_Y.wav"])
    let elsewhere = try TemporaryFolder(["3_A_NEU_X.wav"])
    let files = FileManager.default
    try files.createSymbolicLink(atPath: "\(folder.path)/sub/up", withDestinationPath: "..")
    try files.createSymbolicLink(atPath: "\(folder.path)/more", withDestinationPath: elsewhere.path)
    try files.createSymbolicLink(atPath: "\(folder.path)/nowhere", withDestinationPath: "/nonexistent")
    let scan = try scan(corpus: Corpora.corpus(), root: folder.path)
    #expect(scan.clips.map(\.relativePath) == complete.sorted() + ["sub/2_A_NEU_X.wav", "more/3_A_NEU_X.wav"])
    #expect(scan.warnings.isEmpty)
  }

  @Test("Names that do not fit are left out with a warning; other files are not mentioned")
  func leftOut() throws {
    let folder = try TemporaryFolder(complete + ["noise.wav", "hum.wav", "readme.txt", "1_A_JOY_X.wav"])
    let scan = try scan(corpus: Corpora.corpus(), root: folder.path)
    #expect(scan.clips.count == 3)
    #expect(scan.warnings.map(\.id) == ["data.names_unmatched", "data.class_unknown"])
    #expect(scan.warnings[0].summary.hasPrefix("2 audio files"))
    #expect(scan.warnings[0].detail?.contains("hum.wav, noise.wav") == true)
  }

  @Test("A missing folder says how to get the corpus, and a file is not a folder")
  func missing() throws {
    let folder = try TemporaryFolder(["file"])
    for path in ["\(folder.path)/none", "\(folder.path)/file"] {
      let found = try failure { _ = try scan(corpus: Corpora.corpus(), root: path) }
      #expect(found.map(\.id) == ["data.corpus_missing"])
      #expect(found[0].detail?.contains("Ask the test for it.") == true)
    }
  }

  @Test(
    "Nothing that matches: the pattern and some names are shown",
    arguments: [
      (["a.wav", "b.wav", "c.wav", "d.wav"], "a.wav, b.wav, c.wav."), (["a.mp3"], "a.mp3"), ([], "no files at all"),
      (["1_A_JOY_X.wav"], "class codes SAD, ANG, NEU"),
    ])
  func nothing(_ files: [String], _ shown: String) throws {
    let folder = try TemporaryFolder(files)
    let found = try failure { _ = try scan(corpus: Corpora.corpus(), root: folder.path) }
    #expect(found.map(\.id) == ["data.no_clips"])
    #expect(found[0].detail?.contains("`{speaker}_{sentence}_{emotion}_{intensity}.wav`") == true)
    #expect(found[0].detail?.contains(shown) == true)
  }

  @Test("Every class without clips is an error")
  func emptyClass() throws {
    let folder = try TemporaryFolder([complete[0]])
    let found = try failure { _ = try scan(corpus: Corpora.corpus(), root: folder.path) }
    #expect(found.map(\.id) == ["data.class_empty", "data.class_empty"])
  }

  @Test("--data wins over root; variables are replaced; a relative root counts from the corpus file")
  func root() throws {
    func root(_ written: String?, data: String? = nil, _ environment: [String: String] = [:]) throws -> String {
      try corpusRoot(Corpora.corpus(root: written), dataOption: data, environment: environment)
    }
    #expect(try root("${env.X}", data: "d", ["X": "/x"]) == "d")
    #expect(try root("${env.X}/wav", ["X": "/x"]) == "/x/wav")
    #expect(try root("${ env.X }", ["X": "x"]) == "x")
    #expect(try root("/a$${b}", [:]) == "/a${b}")
    #expect(try root("audio") == "corpora/audio")
    for (written, environment) in [("${env.X}", [:]), ("${env.X}", ["X": ""]), (nil, [:])] {
      let found = try failure { _ = try root(written, environment) }
      #expect(found.map(\.id) == ["data.corpus_missing"])
      #expect(written == nil || found[0].summary.contains("$X"))
      #expect(found[0].detail?.contains("--data") == true)
    }
  }
}
