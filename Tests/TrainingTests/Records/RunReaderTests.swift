import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing
import Training

@Suite struct RunReaderTests {
  private static let spec: String = {
    let specs = Shared.project.appendingPathComponent("specs").path
    let resolution = resolve(
      path: "\(specs)/cnn1d.yaml", options: ResolveOptions(libraryFolders: [specs]), vocabulary: .standard)
    return resolution.spec.map { resolvedText($0, origins: false) } ?? ""
  }()
  private static let classes = ["sad", "angry", "disgust", "fear", "happy", "neutral"]

  private func makeFolder(_ change: (String) throws -> Void = { _ in }) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let truth = (0..<24).map { $0 % 6 }
    let run = MadeRun(
      spec: Self.spec, classes: Self.classes, truth: truth, predictions: truth.map { $0 == 3 ? 0 : $0 },
      speakers: truth.indices.map { "s\($0 / 6)" })
    try run.write(to: folder, "runs/a")
    try change(folder.file("runs/a"))
    return folder
  }

  private func findings(_ change: @escaping (String) throws -> Void) throws -> [Diagnostic] {
    let folder = try makeFolder(change)
    do {
      _ = try RunReader.read(folder.file("runs/a"))
      return []
    } catch let failure as DiagnosticFailure {
      return failure.diagnostics
    }
  }

  private func replace(_ text: String, by other: String, in file: String) -> (String) throws -> Void {
    { path in
      let content = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
      #expect(content.contains(text), "the test changes something")
      try content.replacing(text, with: other, maxReplacements: 1)
        .write(toFile: "\(path)/\(file)", atomically: true, encoding: .utf8)
    }
  }

  @Test func recordsAreRead() throws {
    let folder = try makeFolder()
    let run = try RunReader.read(folder.file("runs/a"))
    #expect(run.classNames == Self.classes && run.predictions.files.count == 24)
    #expect(run.test.confusion[truth: 3, prediction: 0] == 4 && run.test.accuracy == 20.0 / 24)
    #expect(run.history.epochs == 6 && run.history["val.loss"]?.last == 2.0 / 6 && run.history["val.f1"] == nil)
    #expect(run.bestEpoch == 6 && run.parameters == 1234 && run.testSpeakers?.all == 4 && !run.isSynthesized)
    #expect(run.spec.name == "cnn1d" && run.folderName == "a")
  }

  @Test func runsAreFoundInFolders() throws {
    let folder = try makeFolder()
    let run = folder.file("runs/a")
    for argument in [run, run + "/", folder.file("runs"), folder.path] {
      #expect(try RunReader.find(argument) == [run], "\(argument)")
    }
    for argument in [folder.file("none"), run + "/summary.json"] {
      #expect { try RunReader.find(argument) } throws: {
        ($0 as? DiagnosticFailure)?.diagnostics.first?.id == "data.not_a_run"
      }
    }
  }

  @Test func damageIsNamedByFileAndLine() throws {
    let cases: [(change: (String) throws -> Void, id: String, file: String, line: Int?)] = [
      (
        replace("clip2.wav,s0,disgust", by: "clip2.wav,s0,bored", in: "predictions.csv"), "data.run_damaged",
        "predictions.csv", 4
      ),
      (replace("0.75", by: "much", in: "predictions.csv"), "data.run_damaged", "predictions.csv", 2),
      (replace("clip5.wav", by: "clip4.wav", in: "predictions.csv"), "data.run_damaged", "predictions.csv", 7),
      (replace("prediction,", by: "guess,", in: "predictions.csv"), "data.run_damaged", "predictions.csv", 1),
      (replace("clip1.wav,", by: "", in: "predictions.csv"), "data.csv_fields", "predictions.csv", 3),
      (replace("sad,sad", by: "sad,fear", in: "predictions.csv"), "data.run_damaged", "predictions.csv", nil),
      (replace("0.4,", by: "x,", in: "metrics.csv"), "data.run_damaged", "metrics.csv", 2),
      (replace("\"model\":", by: "model:", in: "summary.json"), "data.run_damaged", "summary.json", 4),
      (replace("finished", by: "running", in: "status.json"), "data.run_unfinished", "runs/a", nil),
    ]
    for (change, id, file, line) in cases {
      let found = try #require(findings(change).first, "\(file) \(id)")
      #expect(found.id == id && found.summary.contains(file), "\(found)")
      #expect(found.span?.start.line == line, "\(found.summary)")
    }
  }

  @Test func everyCutIsNoticed() throws {
    for file in ["predictions.csv", "summary.json", "metrics.csv", "spec.resolved.yaml"] {
      for share in [0.0, 0.3, 0.77] {
        let found = try findings { path in
          let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)"))
          try bytes.prefix(Int(Double(bytes.count) * share)).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
        }
        // A table of epochs that lacks some is a table still.
        if file != "metrics.csv" || share == 0 { #expect(!found.isEmpty, "\(file) cut at \(share)") }
      }
      #expect(try !findings { try FileManager.default.removeItem(atPath: "\($0)/\(file)") }.isEmpty)
    }
  }
}
