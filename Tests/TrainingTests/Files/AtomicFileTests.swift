import Diagnostics
import Foundation
import TestSupport
import Testing
import Training

@Suite struct AtomicFileTests {
  private struct Stop: Error {}

  @Test func writesAndReplacesWholeFiles() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("one", to: folder.file("a.txt"))
    try AtomicFile.write("two ü", to: folder.file("a.txt"))
    #expect(try folder.text("a.txt") == "two ü")
    #expect(try folder.names() == ["a.txt"])
  }

  @Test func aFailureWithinLeavesTheOldFileAndNoTemporary() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("old", to: folder.file("a.txt"))
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: folder.file("a.txt")) { file in
        try Array("new".utf8).withUnsafeBytes { try file.append($0) }
        throw Stop()
      }
    }
    #expect(try folder.text("a.txt") == "old")
    #expect(try folder.names() == ["a.txt"])
  }

  @Test func errorsNameTheFileAndTheReason() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("missing/a.txt")
    let failure = try #require(throws: DiagnosticFailure.self) { try AtomicFile.write("x", to: path) }
    let diagnostic = try #require(failure.diagnostics.first)
    #expect(diagnostic.id == "run.write_failed")
    #expect(diagnostic.summary.contains(path))
    #expect(diagnostic.detail?.contains("No such file or directory") == true)
  }

  @Test func aFolderIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("a"), withIntermediateDirectories: false)
    #expect(throws: DiagnosticFailure.self) { try AtomicFile.write("x", to: folder.file("a")) }
    #expect(try folder.names() == ["a"])
  }

  @Test func aNameThatTheSystemRefusesLeavesNothing() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: 300)
    #expect(throws: DiagnosticFailure.self) { try AtomicFile.write("x", to: folder.file(name)) }
    #expect(try folder.names().isEmpty)
  }

  @Test func leftoversOfKilledProcessesAreRemoved() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("x", to: folder.file("keep.csv"))
    try AtomicFile.write("x", to: folder.file(".keep"))
    try AtomicFile.write("x", to: folder.file(".a.csv.12-1.serspec-tmp"))
    AtomicFile.removeLeftovers(in: folder.path)
    #expect(try folder.names() == [".keep", "keep.csv"])
  }
}
