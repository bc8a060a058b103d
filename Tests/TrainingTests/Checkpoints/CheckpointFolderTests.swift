import Diagnostics
import Foundation
import TestSupport
import Testing
import Training

@Suite struct CheckpointFolderTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func folder(keepsOld: Bool = true) -> CheckpointFolder {
    CheckpointFolder(parent: temporary.path, name: "last", keepsOld: keepsOld)
  }

  private func write(_ text: String, to folder: CheckpointFolder) throws {
    try folder.replace { try AtomicFile.write(text, to: "\($0)/a") }
  }

  private func newest(_ folder: CheckpointFolder) -> String? {
    folder.newest().flatMap { try? String(contentsOfFile: "\($0.folder)/a", encoding: .utf8) }
  }

  @Test func theNewestContentIsRead() throws {
    try write("one", to: folder())
    try write("two", to: folder())
    #expect(newest(folder()) == "two")
  }

  @Test func damagedContentIsPassedOverWithAWord() throws {
    try write("one", to: folder())
    try write("two", to: folder())
    try Data("twO".utf8).write(to: URL(fileURLWithPath: temporary.file("last/a")))
    #expect(newest(folder()) == "one")
    #expect(folder().newest()?.damaged == [temporary.file("last")])
  }

  @Test func nothingWholeIsNothing() throws {
    try write("one", to: folder(keepsOld: false))
    try FileManager.default.removeItem(atPath: temporary.file("last/a"))
    #expect(folder(keepsOld: false).newest() == nil)
  }

  /// As if the process had died at each point between two file operations of a replacement.
  @Test func deathAtAnyPointLeavesOldOrNew() throws {
    let manager = FileManager.default
    try write("one", to: folder())
    // While the new files are written: no manifest yet.
    try manager.createDirectory(atPath: temporary.file(".last-new"), withIntermediateDirectories: false)
    try Data("tw".utf8).write(to: URL(fileURLWithPath: temporary.file(".last-new/a")))
    #expect(newest(folder()) == "one")
    // Before the first rename: everything is written.
    try manager.removeItem(atPath: temporary.file(".last-new"))
    try write("two", to: folder())
    try manager.moveItem(atPath: temporary.file("last"), toPath: temporary.file(".last-new"))
    try manager.moveItem(atPath: temporary.file(".last-old"), toPath: temporary.file("last"))
    #expect(newest(folder()) == "two")
    // Between the renames.
    try manager.moveItem(atPath: temporary.file("last"), toPath: temporary.file(".last-old"))
    #expect(newest(folder()) == "two")
    // And the next replacement works from there.
    try write("three", to: folder())
    #expect(newest(folder()) == "three")
  }

  /// A rename that fails: a folder does not replace a link that leads nowhere.
  @Test func aFailingRenameLeavesTheOldContent() throws {
    try write("one", to: folder())
    try write("two", to: folder())
    try FileManager.default.removeItem(atPath: temporary.file("last"))
    try FileManager.default.createSymbolicLink(atPath: temporary.file("last"), withDestinationPath: "nowhere")
    #expect(throws: DiagnosticFailure.self) { try write("three", to: folder()) }
    #expect(try temporary.names() == [".last-old", "last"])
    #expect(newest(folder()) == "one")
  }

  @Test func whatADeadProcessLeftIsPutInItsPlace() throws {
    let manager = FileManager.default
    try write("one", to: folder())
    try write("two", to: folder())
    // Before the first rename, with what was to be replaced half removed.
    try manager.moveItem(atPath: temporary.file("last"), toPath: temporary.file(".last-new"))
    try manager.moveItem(atPath: temporary.file(".last-old"), toPath: temporary.file("last"))
    try manager.createDirectory(atPath: temporary.file(".last-old"), withIntermediateDirectories: false)
    #expect(try folder().settle()?.folder == temporary.file("last"))
    #expect(newest(folder()) == "two")
    #expect(try temporary.names() == [".last-old", "last"])
    #expect(folder().damaged(andOld: true).isEmpty)
    // Between the renames.
    try manager.moveItem(atPath: temporary.file("last"), toPath: temporary.file(".last-new"))
    #expect(try folder().settle()?.damaged == [])
    #expect(newest(folder()) == "two")
    #expect(try temporary.names() == [".last-old", "last"])
  }

  @Test func theCheckpointBeforeTakesThePlaceOfADamagedOne() throws {
    try write("one", to: folder())
    try write("two", to: folder())
    try Data("twO".utf8).write(to: URL(fileURLWithPath: temporary.file("last/a")))
    #expect(folder().damaged(andOld: true) == [temporary.file("last")])
    #expect(try folder().settle()?.damaged == [temporary.file("last")])
    #expect(newest(folder()) == "one")
    #expect(try temporary.names() == ["last"])
    #expect(folder().damaged(andOld: true).isEmpty)
  }

  @Test func aDamagedFallbackIsFound() throws {
    try write("one", to: folder())
    try write("two", to: folder())
    try Data("onE".utf8).write(to: URL(fileURLWithPath: temporary.file(".last-old/a")))
    #expect(folder().damaged(andOld: true) == [temporary.file(".last-old")])
    #expect(folder().damaged(andOld: false).isEmpty)
  }

  /// A manifest without digests would call anything whole.
  @Test func aManifestOfNothingIsDamaged() throws {
    try write("one", to: folder())
    try AtomicFile.write("{\"sha256\": {}}", to: temporary.file("last/manifest.json"))
    #expect(newest(folder()) == nil)
  }

  @Test func aFailingWriterLeavesTheOldContent() throws {
    struct Failure: Error {}
    try write("one", to: folder())
    #expect(throws: Failure.self) { try folder().replace { _ in throw Failure() } }
    #expect(newest(folder()) == "one")
    #expect(!FileManager.default.fileExists(atPath: temporary.file(".last-new")))
  }
}
