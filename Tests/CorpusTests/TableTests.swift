import Corpus
import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing

@Suite struct TableTests {
  /// A corpus whose labels stand in `table`, written into `folder` as labels.csv.
  private func corpus(
    _ folder: TemporaryFolder, _ table: String, name: String = "labels.csv", path: String = "file",
    separator: Character = ",", pattern: String? = nil, label: String = "emotion", speaker: String? = "who",
    labels: [(String, String?)] = []
  ) throws -> CorpusSpec {
    try table.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
    let span = Corpora.span
    return CorpusSpec(
      name: "t", title: "", obtain: "", licence: "", root: FieldValue(.string(""), origin: .standard),
      pattern: pattern.map { Located($0, at: span) },
      table: CorpusTableSource(
        file: Located(folder.file(name), at: span), path: Located(path, at: span), separator: separator),
      extensions: ["wav", "flac"], labelField: Located(label, at: span),
      labels: labels.map { (Located($0.0, at: span), $0.1) },
      speaker: speaker.map { AttributeSource(field: Located($0, at: span)) },
      gender: AttributeSource(field: Located("sex", at: span), map: ["m": "male"], other: "female"),
      classes: ["A", "B"].map { (Located($0, at: span), $0.lowercased()) }, synthesizer: nil, span: span)
  }

  private func ids(_ corpus: CorpusSpec, _ folder: TemporaryFolder) -> [String] {
    Corpora.ids { _ = try scan(corpus: corpus, root: folder.path) }
  }

  @Test(
    "Rows find their files by path or name, with or without ending; columns are fields; codes are mapped and dropped")
  func reads() throws {
    let folder = try TemporaryFolder(["x/1.wav", "x/2.flac", "3.wav", "4.wav", "5.wav"])
    let corpus = try corpus(
      folder,
      """
      file,emotion,who,sex,take
      x\\1.wav,A,ada,f,1
      2,B,ben,m,2
      ./3.wav,C,ada,f,1
      4.wav,D,ada,f,1
      9.wav,D,ada,f,1
      """, labels: [("C", "A"), ("D", nil)])
    let scan = try scan(corpus: corpus, root: folder.path)
    #expect(scan.clips.map(\.relativePath) == ["x/1.wav", "x/2.flac", "3.wav"])
    #expect(scan.clips.map(\.label) == ["A", "B", "A"])
    #expect(scan.clips.map(\.classIndex) == [0, 1, 0])
    #expect(scan.clips.map(\.speaker) == ["ada", "ben", "ada"])
    #expect(scan.clips.map(\.gender) == ["female", "male", "female"])
    #expect(scan.clips[1].field("take") == "2")
    #expect(scan.clips[2].attribute("emotion") == "C")
    #expect(scan.warnings.map(\.id) == ["data.table_no_row"])
    #expect(scan.warnings[0].detail?.contains("5.wav") == true)
  }

  @Test("Tabs and semicolons")
  func separators() throws {
    let folder = try TemporaryFolder(["1.wav", "2.wav"])
    for (separator, text) in [(Character("\t"), "\t"), (";", ";")] {
      let table = "file,emotion,who,sex\n1.wav,A,ada,f\n2.wav,B,ben,m\n".replacing(",", with: text)
      let corpus = try corpus(folder, table, separator: separator)
      #expect(try scan(corpus: corpus, root: folder.path).clips.count == 2)
    }
  }

  @Test("A pattern and a table together")
  func withPattern() throws {
    let folder = try TemporaryFolder(["ada_A.wav", "ben_B.wav"])
    let corpus = try corpus(
      folder, "file,sex\nada_A,f\nben_B,m\n", pattern: "{who}_{emotion}")
    #expect(try scan(corpus: corpus, root: folder.path).clips.map(\.gender) == ["female", "male"])
    let twice = try self.corpus(folder, "file,sex,who\nada_A,f,x\nben_B,m,y\n", pattern: "{who}_{emotion}")
    #expect(ids(twice, folder) == ["corpus.field_twice"])
  }

  @Test("A missing column, rows without a file, two rows for a clip, no table, no match")
  func mistakes() throws {
    let folder = try TemporaryFolder(["1.wav", "2.wav"])
    let rows = "1.wav,A,ada,f\n2.wav,B,ben,m\n"
    #expect(ids(try corpus(folder, "path,emotion,who,sex\n" + rows), folder) == ["data.table_column"])
    let renamed = try corpus(folder, "file,emotions,who,sex\n" + rows)
    let missing = Corpora.failures { _ = try scan(corpus: renamed, root: folder.path) }
    #expect(missing.map(\.id) == ["corpus.field_unknown"])
    #expect(missing[0].suggestion == "emotions")
    let absent = Corpora.failures {
      _ = try scan(
        corpus: try corpus(folder, "file,emotion,who,sex\n" + rows + "3.wav,A,ada,f\n4.wav,C,ada,f\n"),
        root: folder.path)
    }
    #expect(absent.filter { $0.severity == .error }.map(\.id) == ["data.table_no_file"])
    #expect(absent[0].summary.hasPrefix("1 row of"))
    #expect(absent[0].detail?.contains("3.wav") == true)
    let twice = Corpora.failures {
      _ = try scan(corpus: try corpus(folder, "file,emotion,who,sex\n" + rows + "1,B,ada,f\n"), root: folder.path)
    }
    #expect(twice.map(\.id) == ["data.table_row"])
    #expect(twice[0].span?.start.line == 4)
    #expect(twice[0].notes.count == 1)
    let elsewhere = try corpus(folder, "file,emotion,who,sex\nw/7.wav,A,ada,f\n")
    #expect(ids(elsewhere, folder) == ["data.no_clips"])
    let gone = try corpus(folder, "file,emotion,who,sex\n" + rows)
    try FileManager.default.removeItem(atPath: folder.file("labels.csv"))
    #expect(ids(gone, folder) == ["data.table_missing"])
  }

  @Test("An unknown code in the label column is named, with the nearest code that there is")
  func unknownCode() throws {
    let folder = try TemporaryFolder(["1.wav", "2.wav", "3.wav"])
    let corpus = try corpus(
      folder, "file,emotion,who,sex\n1.wav,A,ada,f\n2.wav,B,ben,m\n3.wav,hapy,ben,m\n", labels: [("happy", "A")])
    let scan = try scan(corpus: corpus, root: folder.path)
    #expect(scan.warnings.map(\.id) == ["data.class_unknown"])
    #expect(scan.warnings[0].suggestion == "happy")
  }

  @Test("A manifest with the label's column stands for the table; without it, the table is read")
  func manifest() throws {
    let folder = try TemporaryFolder()
    let corpus = try corpus(folder, "file,emotion,who,sex\n1.wav,A,ada,f\n2.wav,B,ben,m\n")
    let list = try Manifest(
      SourceFile(name: "m.csv", text: "file,emotion,who,sex,seconds\nq.wav,B,eve,f,2.5\nr.wav,A,eve,f,1.5\n"))
    let clips = try list.references(corpus: corpus).clips
    #expect(clips.map(\.relativePath) == ["q.wav", "r.wav"])
    #expect(clips.map(\.speaker) == ["eve", "eve"])
    #expect(clips.map(\.seconds) == [2.5, 1.5])
    let names = try Manifest(SourceFile(name: "m.csv", text: "file\n1.wav\n2.wav\n"))
    #expect(try names.references(corpus: corpus).clips.map(\.speaker) == ["ada", "ben"])
  }
}
