import Corpus
import Diagnostics
import Testing

@Suite struct ManifestTests {
  private func table(_ text: String) throws -> CSVTable { try CSVTable(SourceFile(name: "m.csv", text: text)) }

  private func ids(_ text: String) throws -> [String] {
    let failure = #expect(throws: DiagnosticFailure.self) { try Manifest(SourceFile(name: "m.csv", text: text)) }
    return try #require(failure).diagnostics.map(\.id)
  }

  @Test("Quotes, doubled quotes, line breaks in fields, CRLF, a byte order mark, empty lines")
  func csv() throws {
    let table = try table("\u{FEFF}a,b\r\n\"x, \"\"y\"\"\",\"1\r\n2\"\r\n\r\nlast,\"\"")
    #expect(table.header == ["a", "b"])
    #expect(table.rows.map(\.fields) == [["x, \"y\"", "1\r\n2"], ["last", ""]])
    #expect(table.rows.map(\.line) == [2, 5])
  }

  @Test(
    "Damaged tables",
    arguments: [
      ("", "data.csv_empty"), ("a,b\n1", "data.csv_fields"), ("a\n\"x", "data.csv_quote"),
      ("a\n\"x\"\"", "data.csv_quote"), ("a\n\"x\"y", "data.csv_quote"),
    ])
  func damaged(_ text: String, _ id: String) throws {
    let failure = #expect(throws: DiagnosticFailure.self) { try table(text) }
    #expect(failure?.diagnostics.map(\.id) == [id])
  }

  @Test("A table that is not UTF-8 is refused")
  func encoding() {
    let failure = #expect(throws: DiagnosticFailure.self) {
      try CSVTable(SourceFile(name: "m.csv", text: [0x66, 0xFF, 0x0A]))
    }
    #expect(failure?.diagnostics.map(\.id) == ["data.csv_encoding"])
  }

  @Test("Durations come from seconds or bytes; names alone will do")
  func durations() throws {
    func seconds(_ text: String) throws -> [Double?] {
      try Manifest(SourceFile(name: "m.csv", text: text)).entries.map(\.seconds)
    }
    #expect(try seconds("x,file,seconds\n1,a.wav,2.5\n") == [2.5])
    #expect(try seconds("file,bytes\na.wav,64044\n") == [2])
    #expect(try seconds("file\na.wav\n") == [nil])
  }

  @Test(
    "Bad manifests",
    arguments: [
      ("name\na.wav\n", ["data.manifest_column"]),
      ("file,bytes\na.wav,44\nb.wav,x\n", ["data.manifest_entry", "data.manifest_entry"]),
      ("file,seconds\na.wav,nan\n", ["data.manifest_entry"]), ("file,seconds\na.wav,1e9\n", ["data.manifest_entry"]),
      ("file\n../a.wav\n/b.wav\n\"\"\n", ["data.manifest_entry", "data.manifest_entry"]),
    ])
  func bad(_ text: String, _ expected: [String]) throws {
    #expect(try ids(text) == expected)
  }

  @Test("Names of a manifest become clips without audio, in the order of a scan")
  func references() throws {
    let manifest = try Manifest(
      SourceFile(name: "m.csv", text: "file\nb/1_A_SAD_X.wav\n1_A_NEU_X.wav\n1_A_ANG_X.wav\n"))
    let scan = try manifest.references(corpus: Corpora.corpus())
    #expect(scan.clips.map(\.relativePath) == ["1_A_ANG_X.wav", "1_A_NEU_X.wav", "b/1_A_SAD_X.wav"])
    #expect(scan.clips.allSatisfy { $0.audio == .absent })
  }

  @Test("A manifest that is not there")
  func missing() {
    let failure = #expect(throws: DiagnosticFailure.self) { try Manifest(path: "/nonexistent.csv") }
    #expect(failure?.diagnostics.map(\.id) == ["data.manifest_missing"])
  }
}
