import Diagnostics
import TestSupport
import Testing
import Training

@Suite struct FileDigestTests {
  @Test func equalsTheStandardsExamples() throws {
    let folder = try TemporaryFolder()
    // FIPS 180-2, appendix B.1 and B.3: "abc" and a million times "a".
    try AtomicFile.write("abc", to: folder.file("abc"))
    try AtomicFile.write([UInt8](repeating: 0x61, count: 1_000_000), to: folder.file("million"))
    #expect(
      try FileDigest.sha256(ofFile: folder.file("abc"))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      try FileDigest.sha256(ofFile: folder.file("million"))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(FileDigest.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func aMissingFileIsAnError() throws {
    let folder = try TemporaryFolder()
    let failure = try #require(throws: DiagnosticFailure.self) { try FileDigest.sha256(ofFile: folder.file("no")) }
    #expect(failure.diagnostics.map(\.id) == ["run.read_failed"])
  }
}
