import Diagnostics
import TestSupport
import Testing
import Training

@Suite struct JSONLinesTests {
  private func row(_ epoch: Int) -> JSON { ["epoch": .integer(epoch), "loss": 0.5] }

  @Test func rowsAreLines() throws {
    let folder = try TemporaryFolder()
    let file = try JSONLines.create(folder.file("m.jsonl"))
    try file.append(row(1))
    try file.append(row(2))
    #expect(try folder.text("m.jsonl") == "{\"epoch\": 1, \"loss\": 0.5}\n{\"epoch\": 2, \"loss\": 0.5}\n")
  }

  @Test(arguments: ["", "{\"epoch\": 3, \"lo", "{\"epoch\": 3}\n{\"epoch\": 4}\n", "\0\0\0", "no json\n"])
  func resumeKeepsTheEpochsAskedForAndGoesOn(tail: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("m.jsonl")
    try AtomicFile.write("{\"epoch\": 1}\n{\"epoch\": 2}\n" + tail, to: path)
    let (file, rows) = try JSONLines.resume(path, afterEpoch: 2)
    #expect(rows == [["epoch": 1], ["epoch": 2]])
    try file.append(row(3))
    #expect(try folder.text("m.jsonl") == "{\"epoch\": 1}\n{\"epoch\": 2}\n{\"epoch\": 3, \"loss\": 0.5}\n")
  }

  @Test(arguments: [
    "", "{\"epoch\": 1}\n", "{\"epoch\": 1}\n{\"epoch\": 2}", "{\"epoch\": 2}\n{\"epoch\": 1}\n",
    "{\"epoch\": 1}\nx\n{\"epoch\": 2}\n",
  ])
  func missingRowsAreAnErrorAndTheFileStays(text: String) throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(text, to: folder.file("m.jsonl"))
    let failure = try #require(throws: DiagnosticFailure.self) {
      try JSONLines.resume(folder.file("m.jsonl"), afterEpoch: 2)
    }
    #expect(failure.diagnostics.map(\.id) == ["run.records_incomplete"])
    #expect(try folder.text("m.jsonl") == text)
  }

  @Test func resumeBeforeTheFirstEpochEmptiesTheFile() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("{\"epo", to: folder.file("m.jsonl"))
    #expect(try JSONLines.resume(folder.file("m.jsonl"), afterEpoch: 0).rows.isEmpty)
    #expect(try folder.text("m.jsonl") == "")
  }
}
