import Diagnostics
import Foundation
import TestSupport
import Testing
import Training

@Suite struct RunDirectoryTests {
  private let hash = "0123456789abcdef0123456789abcdef"

  private func open(_ folder: TemporaryFolder, _ mode: RunDirectory.Mode, parent: String = "runs") throws
    -> RunDirectory
  {
    try RunDirectory.open(parent: folder.file(parent), name: "cnn1d", hash: hash, mode: mode)
  }

  private func refusal(_ folder: TemporaryFolder, _ mode: RunDirectory.Mode) throws -> Diagnostic {
    let failure = try #require(throws: DiagnosticFailure.self) { _ = try open(folder, mode) }
    return try #require(failure.diagnostics.first)
  }

  @Test func theFolderIsNamedBySpecAndHash() throws {
    let folder = try TemporaryFolder()
    let run = try open(folder, .create, parent: "a/b/runs")
    #expect(run.path == folder.file("a/b/runs/cnn1d-0123456789ab"))
    #expect(run.isNew)
    let best = try run.folder("checkpoints/best")
    #expect(best == run.file("checkpoints/best"))
    try run.folder("checkpoints/best")
    try AtomicFile.write("x", to: best + "/weights")
    run.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path) == ["checkpoints"])
  }

  @Test(arguments: [
    ("a/b", "a-b-0123"), ("..", "-.-0123"), ("", "run-0123"), ("größe 2.0", "größe-2.0-0123"),
    (".hidden", "-hidden-0123"),
    ("a\u{0}b\n", "a-b--0123"),
  ]) func namesAreSafe(name: String, expected: String) {
    #expect(RunDirectory.folderName(name, hash: "0123") == expected)
  }

  @Test func longNamesFitTheFileSystem() {
    #expect(RunDirectory.folderName(String(repeating: "語", count: 500), hash: hash).utf8.count < 200)
  }

  @Test func anExistingRunIsAnErrorThatNamesBothWaysOut() throws {
    let folder = try TemporaryFolder()
    try open(folder, .create).close()
    let diagnostic = try refusal(folder, .create)
    #expect(diagnostic.id == "run.exists")
    #expect(diagnostic.detail?.contains("--resume") == true)
    #expect(diagnostic.detail?.contains("--force") == true)
  }

  @Test func resumeKeepsWhatIsThereButLeftovers() throws {
    let folder = try TemporaryFolder()
    let first = try open(folder, .create)
    try AtomicFile.write("x", to: first.file("spec.yaml"))
    try AtomicFile.write("x", to: first.folder("checkpoints/last") + "/.w.1-1.serspec-tmp")
    first.close()
    let second = try open(folder, .resume)
    #expect(!second.isNew)
    #expect(FileManager.default.fileExists(atPath: second.file("spec.yaml")))
    #expect(try FileManager.default.contentsOfDirectory(atPath: second.file("checkpoints/last")).isEmpty)
  }

  @Test func resumeOfNothingStarts() throws {
    let folder = try TemporaryFolder()
    #expect(try open(folder, .resume).isNew)
  }

  @Test func forceEmptiesARun() throws {
    let folder = try TemporaryFolder()
    let first = try open(folder, .create)
    try AtomicFile.write("x", to: first.file("status.json"))
    try AtomicFile.write("x", to: first.folder("checkpoints/last") + "/w")
    first.close()
    let second = try open(folder, .force)
    second.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: second.path).isEmpty)
  }

  @Test func forceLeavesFoldersAloneThatNoRunMade() throws {
    let folder = try TemporaryFolder()
    let first = try open(folder, .create)
    try AtomicFile.write("x", to: first.file("thesis.tex"))
    first.close()
    #expect(try refusal(folder, .force).id == "run.not_a_run")
    #expect(FileManager.default.fileExists(atPath: first.file("thesis.tex")))
  }

  @Test(arguments: [RunDirectory.Mode.resume, .force]) func onlyOneWrites(mode: RunDirectory.Mode) throws {
    let folder = try TemporaryFolder()
    let first = try open(folder, .create)
    #expect(try refusal(folder, mode).id == "run.locked")
    first.close()
    try open(folder, mode).close()
  }

  @Test func aLockLeftByAKilledProcessHoldsNobodyUp() throws {
    let folder = try TemporaryFolder()
    let first = try open(folder, .create)
    first.close()
    try AtomicFile.write("", to: first.file(".lock"))
    try open(folder, .resume).close()
  }

  @Test func discardRemovesOnlyWhatWasMade() throws {
    let folder = try TemporaryFolder()
    try open(folder, .create, parent: "a/runs").discard()
    #expect(try folder.names().isEmpty)
    try open(folder, .create).close()
    try open(folder, .resume).discard()
    #expect(FileManager.default.fileExists(atPath: folder.file("runs/cnn1d-0123456789ab")))
  }

  @Test func aFileInItsPlaceIsAnError() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("x", to: folder.file("runs"))
    #expect(try refusal(folder, .create).id == "run.write_failed")
    let second = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: second.file("runs"), withIntermediateDirectories: false)
    try AtomicFile.write("x", to: second.file("runs/cnn1d-0123456789ab"))
    #expect(try refusal(second, .force).id == "run.exists")
    #expect(try second.text("runs/cnn1d-0123456789ab") == "x")
  }
}
