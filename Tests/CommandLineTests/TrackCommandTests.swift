import Foundation
import TestSupport
import Testing
import Training

/// Runs that are written for trackers, too.
@Suite struct TrackCommandTests {
  private let track = [
    "--set", "track=[tensorboard: {histograms: true}, wandb, mlflow]", "--set", "train.checkpoint={steps: 2}",
  ]
  private let arguments = ["run", "small.yaml", "--quiet", "--epochs", "5"]

  /// The epochs of the event file below a run, in its order.
  private func epochs(_ run: String) throws -> [Int] {
    let folder = "\(run)/tensorboard"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count == 1)
    let file = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(names.first ?? "")"))
    return TFRecord.read([UInt8](file)).compactMap { record in
      guard let event = ProtobufFields(record.content) else { return nil }
      let tags = event.message(5)?.messages(1).compactMap { $0.text(1) } ?? []
      return tags.contains("loss/val") ? event.integer(2) : nil
    }
  }

  @Test func trackersChangeNoByteAndFollowAKill() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(arguments + ["--output-dir", "plain"], in: folder).status == 0)
    let process = try Program.start(arguments + track + ["--output-dir", "tracked"], in: folder)
    try waitFor("the second epoch") {
      guard process.isRunning, let run = try? SmallExperiment.directory(folder, below: "tracked") else {
        return !process.isRunning
      }
      return (try? StatusRecord.read("\(run)/status.json").epoch).map { $0 > 1 } ?? false
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let (plain, tracked) = (
      try SmallExperiment.directory(folder, below: "plain"), try SmallExperiment.directory(folder, below: "tracked")
    )
    // The epoch under way may be there.
    #expect(try epochs(tracked).starts(with: [1, 2]))
    let last = try Program.run(arguments + track + ["--output-dir", "tracked", "--resume"], in: folder)
    #expect(last.status == 0, "\(last.errors)")
    #expect(try epochs(tracked) == [1, 2, 3, 4, 5])
    #expect((plain as NSString).lastPathComponent == (tracked as NSString).lastPathComponent, "one hash")
    for file in SmallExperiment.equalFiles where file != "spec.resolved.yaml" {
      #expect(FileManager.default.contentsEqual(atPath: "\(plain)/\(file)", andPath: "\(tracked)/\(file)"), "\(file)")
    }
    #expect(RunStatus(tracked, verifying: true).state == .finished)
    // A run may be made again, whatever it was written for.
    let again = try Program.run(["reproduce", tracked], in: folder)
    #expect(again.status == 0, "\(again.errors)")
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder.file("mlruns"))
    #expect(runs.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("mlruns/\(runs[0])")).count == 2)
    // Starting over takes the place of what was there.
    #expect(try Program.run(arguments + track + ["--output-dir", "tracked", "--force"], in: folder).status == 0)
    #expect(try epochs(tracked) == [1, 2, 3, 4, 5])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("mlruns/\(runs[0])")).count == 2)
  }

  /// Trackers may be asked for when half of the epochs are done; one whose files cannot be written ends the run.
  @Test func trackersThatComeLaterHaveEveryEpoch() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let process = try Program.start(arguments + track.suffix(2), in: folder)
    try waitFor("the first epoch") {
      guard process.isRunning, let run = try? SmallExperiment.directory(folder) else { return !process.isRunning }
      return (try? StatusRecord.read("\(run)/status.json").epoch).map { $0 > 0 } ?? false
    }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    let run = try SmallExperiment.directory(folder)
    try Data().write(to: URL(fileURLWithPath: "\(run)/tensorboard"))
    let failed = try Program.run(arguments + track + ["--resume"], in: folder)
    #expect(failed.status == 1)
    #expect(failed.errors.contains("cannot write '\(SmallExperiment.shortPath(run))/tensorboard'"), "\(failed.errors)")
    try FileManager.default.removeItem(atPath: "\(run)/tensorboard")
    #expect(try Program.run(arguments + track + ["--resume"], in: folder).status == 0)
    #expect(try epochs(run) == [1, 2, 3, 4, 5])
  }
}

extension SmallExperiment {
  /// A run's directory as the program names it: relative to the folder in which it works.
  fileprivate static func shortPath(_ run: String) -> String {
    "runs/" + (run as NSString).lastPathComponent
  }
}
