import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing
import Training

@Suite struct SweepRecordTests {
  private func plan() throws -> SweepPlan {
    let path = Shared.project.appendingPathComponent("specs/report-grid.yaml").path
    return try SweepPlan(try readSpec(path)) { source, cell in
      resolve(source, options: ResolveOptions(corpus: "demo", cell: cell), vocabulary: .standard)
    }
  }

  private func readSpec(_ path: String) throws -> SourceFile {
    SourceFile(name: path, text: try String(contentsOfFile: path, encoding: .utf8))
  }

  @Test func aRecordIsReadBack() throws {
    let plan = try plan()
    var record = SweepRecord(plan, spec: "a.yaml", options: ["--epochs=1"], version: "1")
    record.entries[3].state = .failed
    record.entries[3].message = "lost"
    record.entries[3].starts = 2
    let back = try #require(SweepRecord(json: record.json))
    #expect(back.json["cells"] == record.json["cells"] && back.options == ["--epochs=1"])
    #expect(back.entries.count == 27 && back.hash == plan.hash)
    #expect(Set(back.entries.map(\.run)).count == 27, "a run directory for each cell")
    #expect(SweepRecord(json: ["sweep": "x"]) == nil)
  }

  @Test func theFolderIsHeldByOneProcessAndKeepsCounts() throws {
    let (plan, folder) = (try plan(), try TemporaryFolder())
    var sweep: SweepFolder? = try SweepFolder(plan, below: folder.path)
    #expect(throws: DiagnosticFailure.self) { try SweepFolder(plan, below: folder.path) }
    var record = try #require(sweep?.record(plan, spec: "a.yaml", options: [], version: "1"))
    record.entries[0].starts = 4
    try sweep?.write(record)
    sweep = nil
    let again = try SweepFolder(plan, below: folder.path)
    #expect(again.record(plan, spec: "a.yaml", options: [], version: "1").entries.map(\.starts).prefix(2) == [4, 0])
    try "{}".write(toFile: again.recordPath, atomically: true, encoding: .utf8)
    #expect(throws: DiagnosticFailure.self) { try SweepRecord.read(again.recordPath) }
    #expect(try RunReaderProbe.ids(again.path) == ["run.sweep_damaged"])
  }

  @Test func aFolderWithoutRecordsIsPendingAndADamagedEndIsNotAnEnd() throws {
    let folder = try TemporaryFolder()
    #expect(CellProgress(of: folder.file("none"), hash: "a").state == .pending)
    let status = StatusRecord(state: .finished, epoch: 3, epochs: 3, startedAt: Date())
    try status.write(to: folder.file("status.json"))
    #expect(CellProgress(of: folder.path, hash: "a").state == .interrupted)
    let summary: JSON = [
      "hash": "a", "test": ["accuracy": 0.5, "uar": 0.25], "time": ["train_s": 3], "split": ["train": 9],
    ]
    try summary.text().write(toFile: folder.file("summary.json"), atomically: true, encoding: .utf8)
    let progress = CellProgress(of: folder.path, hash: "a")
    #expect(progress.state == .finished && progress.uar == 0.25 && progress.trainClips == 9)
    #expect(CellProgress(of: folder.path, hash: "b").state == .interrupted, "another experiment's end")
    try StatusRecord(state: .running, epoch: 1, epochs: 3, startedAt: Date()).write(to: folder.file("status.json"))
    #expect(CellProgress(of: folder.path, hash: "a").state == .interrupted, "nobody holds it: it was killed")
  }

  @Test func whatTheShellWouldReadIsQuoted() {
    let script = SlurmScript(
      name: "my \"grid\"", cells: 3, threads: 2, memoryBytes: 5_000_000, log: "runs/a b/%a.log",
      command: ["/bin/serspec", "sweep", "it's.yaml", "--set=lr=${HOME}"])
    #expect(script.text.contains("#SBATCH --job-name=\"my \\\"grid\\\"\"\n"))
    #expect(script.text.contains("/bin/serspec sweep 'it'\\''s.yaml' '--set=lr=${HOME}' \\\n"))
    #expect(script.text.contains("#SBATCH --output=\"runs/a b/%a.log\"\n"))
  }
}

/// What finding runs says of a path.
enum RunReaderProbe {
  static func ids(_ path: String) throws -> [String] {
    do {
      _ = try RunReader.find(path)
      return []
    } catch let failure as DiagnosticFailure {
      return failure.diagnostics.map(\.id)
    }
  }
}
