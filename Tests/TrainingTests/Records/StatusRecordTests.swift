import Diagnostics
import Foundation
import TestSupport
import Testing
import Training

@Suite struct StatusRecordTests {
  @Test(arguments: StatusRecord.State.allCases) func readsBack(state: StatusRecord.State) throws {
    let folder = try TemporaryFolder()
    var record = StatusRecord(
      state: state, epoch: 3, epochs: 150, startedAt: Date(timeIntervalSince1970: 1_700_000_000),
      updatedAt: Date(timeIntervalSince1970: 1_700_000_100))
    try record.write(to: folder.file("status.json"))
    #expect(try StatusRecord.read(folder.file("status.json")) == record)
    #expect(record.json["started_at"] == "2023-11-14T22:13:20Z")
    #expect(record.json["best_epoch"] == .null)
    record.bestEpoch = 2
    record.message = "disk full"
    #expect(StatusRecord(json: record.json) == record)
  }

  @Test(arguments: ["", "[]", "{\"state\": \"running\"}"]) func otherTextsAreErrors(text: String) throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(text, to: folder.file("status.json"))
    let failure = try #require(throws: DiagnosticFailure.self) { try StatusRecord.read(folder.file("status.json")) }
    #expect(failure.diagnostics.map(\.id) == ["run.status_damaged"])
  }
}
