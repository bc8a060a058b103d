import Foundation
import TestSupport
import Testing

/// The built program, run as a user would.
struct Program {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// It stands beside the test program.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("serspec").standardized.path

  /// Starts the program in `folder`; standard output and error go to files there, so that no pipe can fill up.
  /// The feature cache is `.cache` there.
  static func start(_ arguments: [String], in folder: TemporaryFolder, name: String = UUID().uuidString) throws
    -> Process
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardInput = FileHandle.nullDevice
    process.environment = ProcessInfo.processInfo.environment.merging(["SERSPEC_CACHE": folder.file(".cache")]) { $1 }
    for (stream, keyPath) in [("out", \Process.standardOutput), ("err", \Process.standardError)] {
      let file = folder.file("\(name).\(stream)")
      _ = FileManager.default.createFile(atPath: file, contents: nil)
      process[keyPath: keyPath] = FileHandle(forWritingAtPath: file)
    }
    try process.run()
    return process
  }

  /// Runs the program to its end.
  static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Result {
    let name = UUID().uuidString
    let process = try start(arguments, in: folder, name: name)
    process.waitUntilExit()
    let result = Result(
      status: process.terminationStatus, output: try folder.text("\(name).out"), errors: try folder.text("\(name).err"))
    try FileManager.default.removeItem(atPath: folder.file("\(name).out"))
    try FileManager.default.removeItem(atPath: folder.file("\(name).err"))
    return result
  }
}

/// A small experiment: a few synthesized clips and a model that trains in a second.
enum SmallExperiment {
  /// Writes `small.yaml` and its corpus into `folder`.
  static func write(to folder: TemporaryFolder, extra: String = "") throws {
    let specs = Shared.project.appendingPathComponent("specs").path
    let demo = try String(contentsOfFile: "\(specs)/corpora/demo.yaml", encoding: .utf8)
    try demo.replacingOccurrences(of: "speakers: 24", with: "speakers: 4")
      .replacingOccurrences(of: "sentences: 12", with: "sentences: 3")
      .write(toFile: folder.file("few.yaml"), atomically: true, encoding: .utf8)
    try """
    serspec: 1
    name: small
    extends: \(specs)/base/report.yaml
    corpus: few.yaml
    length: {policy: batch_longest}
    split: {policy: stratified, test: 0.25, val: 0.2}
    model:
      frames:
        from: spectral
        layers: [conv1d: {out_channels: 12, kernel_size: 3}, group_norm: 1, silu, dropout: 0.1, global_avg_pool]
      image:
        from: mel_image
        layers: [conv2d: {out_channels: 12, kernel_size: 3, stride: 2}, relu, max_pool2d: 2, global_avg_pool]
      both: {concat: [frames, image]}
      logits: {from: both, layers: [linear: "${classes}"]}
    train: {epochs: 4, batch_size: 8}
    \(extra)
    """.write(toFile: folder.file("small.yaml"), atomically: true, encoding: .utf8)
  }

  /// The run's directory below `runs`, which has one.
  static func directory(_ folder: TemporaryFolder, below parent: String = "runs") throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file(parent))
    return folder.file("\(parent)/\(names.first ?? "none")")
  }

  /// What must be the same in equal runs.
  static let equalFiles = [
    "checkpoints/best/weights.safetensors", "checkpoints/last/weights.safetensors",
    "checkpoints/last/optimizer.safetensors", "checkpoints/last/state.json", "metrics.csv", "metrics.jsonl",
    "predictions.csv", "splits/test.csv", "spec.resolved.yaml",
  ]
}

extension Program {
  /// Runs a command line of the shell in `folder`, with the same cache.
  static func shell(_ command: String, in folder: TemporaryFolder) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "{ \(command)\n} >.shell.out 2>.shell.err"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardInput = FileHandle.nullDevice
    process.environment = ProcessInfo.processInfo.environment.merging(["SERSPEC_CACHE": folder.file(".cache")]) { $1 }
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: try folder.text(".shell.out"), errors: try folder.text(".shell.err"))
  }
}

/// Waits until `condition` holds, for a minute at most.
func waitFor(_ what: String, _ condition: () throws -> Bool) throws {
  let end = Date().addingTimeInterval(60)
  while try !condition() {
    if Date() > end {
      Issue.record("waited too long for \(what)")
      return
    }
    usleep(1000)
  }
}

extension TemporaryFolder {
  /// The content of a text file anywhere.
  func textOf(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  /// Changes a bit of a file anywhere.
  func flip(bit: Int, ofByte byte: Int, in path: String) throws {
    let url = URL(fileURLWithPath: path)
    var data = try Data(contentsOf: url)
    data[byte] ^= 1 << UInt8(bit)
    try data.write(to: url)
  }
}

/// Expects the runs below two folders to be the same, byte by byte.
func expectEqualRuns(_ folder: TemporaryFolder, _ a: String, _ b: String) throws {
  let first = try SmallExperiment.directory(folder, below: a)
  let second = try SmallExperiment.directory(folder, below: b)
  for file in SmallExperiment.equalFiles {
    #expect(FileManager.default.contentsEqual(atPath: "\(first)/\(file)", andPath: "\(second)/\(file)"), "\(file)")
  }
}
