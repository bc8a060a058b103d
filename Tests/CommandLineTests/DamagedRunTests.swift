import Diagnostics
import Foundation
import TestSupport
import Testing
import Training

/// Run folders of which a file was lost or replaced: whatever is asked of them answers or says what is wrong.
@Suite struct DamagedRunTests {
  /// What can stand in place of a file.
  enum Damage: String, CaseIterable {
    case missing, empty, garbage, bytes, folder
    /// A link to itself, which nobody can read, not even root.
    case unreadable
  }

  /// What reads run folders.
  private static let readers: [(name: String, read: @Sendable (String) throws -> Void)] = [
    ("records", { _ = try RunReader.read($0) }),
    ("model", { _ = try TrainedModel(run: $0, threads: 1) }),
    ("evaluation", { _ = try RunEvaluation(try TrainedModel(run: $0, threads: 1), .init(threads: 1)) }),
    ("reproduction", { _ = try Reproduction(run: $0, settings: .init(data: [], threads: 1, version: "test")) }),
  ]

  private func replace(_ path: String, by damage: Damage) throws {
    let manager = FileManager.default
    try manager.removeItem(atPath: path)
    switch damage {
    case .missing: break
    case .empty: try Data().write(to: URL(fileURLWithPath: path))
    case .garbage: try Data("this is: no {record, \"at all\n".utf8).write(to: URL(fileURLWithPath: path))
    case .bytes:
      try Data((0..<3000).map { UInt8(truncatingIfNeeded: $0 * 197 >> 3) }).write(to: URL(fileURLWithPath: path))
    case .folder: try manager.createDirectory(atPath: path, withIntermediateDirectories: false)
    case .unreadable: try manager.createSymbolicLink(atPath: path, withDestinationPath: path)
    }
  }

  /// Asks everything of `run`; what could not be answered, by name.
  private func failures(_ run: String, _ what: String) -> [String: Diagnostic] {
    var failures: [String: Diagnostic] = [:]
    for (name, read) in Self.readers {
      do {
        try read(run)
      } catch let failure as DiagnosticFailure {
        failures[name] = failure.diagnostics.first
        #expect(!failure.diagnostics.isEmpty, "\(what): \(name)")
      } catch {
        Issue.record("\(what): \(name) says \(error)")
      }
    }
    return failures
  }

  @Test(arguments: Damage.allCases) func everyDamagedFileIsAnswered(damage: Damage) throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["run", "small.yaml", "--quiet", "--epochs", "2"], in: folder).status == 0)
    let run = try SmallExperiment.directory(folder)
    #expect(failures(run, "whole").isEmpty)
    let names = (FileManager.default.enumerator(atPath: run)?.compactMap { $0 as? String } ?? []).sorted()
    #expect(names.count > 25)
    try FileManager.default.moveItem(atPath: run, toPath: folder.file("whole"))
    for name in names {
      if damage == .folder, try isFolder(folder.file("whole/\(name)")) { continue }
      try FileManager.default.copyItem(atPath: folder.file("whole"), toPath: run)
      try replace("\(run)/\(name)", by: damage)
      let what = "\(name), \(damage)"
      let failures = failures(run, what)
      let status = RunStatus(run, verifying: true)
      switch name {
      case "train.log":
        #expect(failures.isEmpty && status.state == .finished, "\(what)")
      case "status.json":
        #expect(status.state == .damaged, "\(what)")
      case _ where name.hasPrefix("checkpoints/best"):
        #expect(failures["model"]?.id.hasPrefix("run.checkpoint_") == true, "\(what): \(failures)")
        #expect(failures["records"] == nil, "\(what)")
      case _ where name.hasPrefix("checkpoints/"):
        #expect(failures.keys.allSatisfy { $0 == "reproduction" }, "\(what): \(failures)")
        // Nothing misses a folder that is not there.
        let isMissed = damage != .missing || name.contains("/last/") || name.contains("/.last-old/")
        if isMissed, damage != .unreadable { #expect(status.state == .damaged, "\(what)") }
      case "checkpoints":
        #expect(failures["model"] != nil, "\(what)")
      case "manifest.json":
        // Runs of earlier versions have none.
        #expect(status.state == (damage == .missing || damage == .unreadable ? .finished : .damaged), "\(what)")
      default:
        #expect(failures["records"] != nil && status.state == .damaged, "\(what): \(failures)")
      }
      try FileManager.default.removeItem(atPath: run)
    }
  }

  private func isFolder(_ path: String) throws -> Bool {
    try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeDirectory
  }

  /// A folder that says that it is a run, and nothing else.
  @Test(arguments: ["status.json", "summary.json", "spec.resolved.yaml"]) func aRunOfOneFileIsAnswered(name: String)
    throws
  {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("runs/a"), withIntermediateDirectories: true)
    for text in ["", "{}", "[]", "null", "\u{0}"] {
      try text.write(toFile: folder.file("runs/a/\(name)"), atomically: true, encoding: .utf8)
      #expect(failures(folder.file("runs/a"), "\(name): '\(text)'").count == Self.readers.count)
      #expect(RunStatus(folder.file("runs/a"), verifying: true).state == .damaged)
      for command in ["status", "compare", "evaluate", "report"] {
        let result = try Program.run([command, "runs/a"], in: folder)
        #expect([3, 4].contains(result.status) || result.status == 1, "\(command): \(result.status) \(result.errors)")
        #expect(result.errors.contains("error["), "\(command): \(result.errors)")
      }
    }
  }
}
