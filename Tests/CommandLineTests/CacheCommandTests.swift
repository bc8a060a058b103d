import Diagnostics
import Foundation
import TestSupport
import Testing

/// The feature cache through the program.
@Suite struct CacheCommandTests {
  private static let fixed = "length: {policy: fixed, seconds: 1}"

  /// The small experiment; `extra` replaces its length policy.
  private func experiment(_ extra: String? = nil) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    if let extra {
      let text = try folder.text("small.yaml").replacing("length: {policy: batch_longest}", with: extra)
      try text.write(toFile: folder.file("small.yaml"), atomically: true, encoding: .utf8)
    }
    return folder
  }

  private func run(_ folder: TemporaryFolder, _ name: String, _ options: [String] = []) throws -> (
    summary: JSON, errors: String
  ) {
    let result = try Program.run(["run", "small.yaml", "--json", "--output-dir", name] + options, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return (try JSON.parse(result.output), result.errors)
  }

  /// Counts of a summary by feature: cached, then computed.
  private func counts(_ summary: JSON) -> [[Int]] {
    (summary["features"]?.asArray ?? []).map { [$0["cached"]?.asInteger ?? -1, $0["computed"]?.asInteger ?? -1] }
  }

  private func expectEqualRuns(_ folder: TemporaryFolder, _ a: String, _ b: String) throws {
    for file in SmallExperiment.equalFiles {
      let files = try [a, b].map { try SmallExperiment.directory(folder, below: $0) + "/" + file }
      #expect(FileManager.default.contentsEqual(atPath: files[0], andPath: files[1]), "\(file)")
    }
  }

  /// Files may not grow at all: what was begun of the cache is taken back, so that nothing looks damaged.
  @Test func aCacheThatCouldNotBeBegunIsNotDamaged() throws {
    let folder = try experiment(Self.fixed)
    _ = try Program.shell("(ulimit -f 0; exec \(Program.path) run small.yaml --quiet) >/dev/null 2>&1", in: folder)
    let names = FileManager.default.enumerator(atPath: folder.file(".cache"))?.compactMap { $0 as? String } ?? []
    #expect(names.contains("features") && !names.contains { $0.hasSuffix(".index") }, "\(names)")
    #expect(try Program.run(["cache", "verify"], in: folder).status == 0)
  }

  @Test(arguments: [nil, fixed]) func aSecondRunFindsEverythingAndGivesTheSameBytes(length: String?) throws {
    let folder = try experiment(length)
    let first = try run(folder, "a")
    let packs = length == nil ? 3 : 2
    #expect(counts(first.summary) == Array(repeating: [0, 72], count: packs))
    let second = try run(folder, "b")
    #expect(counts(second.summary) == Array(repeating: [72, 0], count: packs))
    #expect(second.errors.contains("features: ") && second.errors.contains("mel_image: cached"))
    #expect((second.summary["time"]?["first_step_s"]?.asNumber ?? 0) > 0)
    let without = try run(folder, "c", ["--no-cache"])
    #expect(counts(without.summary) == Array(repeating: [0, 72], count: packs))
    try expectEqualRuns(folder, "a", "b")
    try expectEqualRuns(folder, "a", "c")
  }

  @Test func twoProcessesShareTheCache() throws {
    let folder = try experiment(Self.fixed)
    let processes = try ["a", "b"].map {
      try Program.start(["run", "small.yaml", "--quiet", "--output-dir", $0], in: folder, name: $0)
    }
    for process in processes { process.waitUntilExit() }
    #expect(processes.map(\.terminationStatus) == [0, 0])
    try expectEqualRuns(folder, "a", "b")
    let list = try JSON.parse(Program.run(["cache", "verify", "--json"], in: folder).output)
    #expect(list["damaged"] == false)
    #expect(list["packs"]?.asArray?.map { $0["entries"]?.asInteger } == [72, 72])
  }

  @Test func damageIsReportedAndMended() throws {
    let folder = try experiment(Self.fixed)
    _ = try run(folder, "a")
    #expect(try Program.run(["cache", "verify"], in: folder).status == 0)
    let packs = folder.file(".cache/features")
    let data = try #require(try FileManager.default.contentsOfDirectory(atPath: packs).first { $0.hasSuffix(".data") })
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(packs)/\(data)"))
    try file.seek(toOffset: 100)
    try file.write(contentsOf: Data([1, 2, 3, 4, 5]))
    try file.close()
    let damaged = try Program.run(["cache", "verify"], in: folder)
    #expect(damaged.status == 4 && damaged.errors.contains("1 of 72 entries"), "\(damaged.errors)")
    let document = try JSON.parse(Program.run(["cache", "verify", "--json"], in: folder).output)
    #expect(document["damaged"] == true)
    let mended = try run(folder, "b")
    #expect(mended.errors.contains("data.cache_damaged"))
    try expectEqualRuns(folder, "a", "b")
    #expect(try Program.run(["cache", "verify"], in: folder).status == 0)
  }

  @Test func theCacheIsListedAndPruned() throws {
    let folder = try experiment(Self.fixed)
    #expect(try Program.run(["cache", "list"], in: folder).output.hasPrefix("0 chains, 0 audio files known, 0 bytes"))
    _ = try run(folder, "a")
    let text = try Program.run(["cache", "list"], in: folder).output
    #expect(text.contains("spectral: 72 clips") && text.contains("| mono mix mean | "))
    let list = try JSON.parse(Program.run(["cache", "list", "--json"], in: folder).output)
    #expect(list["packs"]?.asArray?.count == 2 && (list["bytes"]?.asInteger ?? 0) > 1000)
    #expect(list["folder"]?.asString == folder.file(".cache"))
    for wrong in [["prune"], ["prune", "--max-size", "much"], ["prune", "--older-than", "-1"], ["lost"]] {
      #expect(try Program.run(["cache"] + wrong, in: folder).status == 2, "\(wrong)")
    }
    let none = try JSON.parse(
      Program.run(["cache", "prune", "--older-than", "1", "--max-size", "1G", "--json"], in: folder).output)
    #expect(none["removed"]?.asArray?.count == 0)
    let all = try JSON.parse(Program.run(["cache", "prune", "--all", "--json"], in: folder).output)
    #expect(all["removed"]?.asArray?.count == 2 && all["bytes"] == 0)
    #expect(
      all["freed_bytes"]?.asInteger == list["bytes"]?.asInteger.map { $0 - 64 }, "all but the index of audio files")
  }

  /// A limit on the size of files stands for a disk that fills up half-way.
  @Test func aFullDiskIsAWarning() throws {
    let folder = try experiment("length: {policy: fixed, seconds: 3}")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "trap '' XFSZ; ulimit -f 1500; exec \"$0\" run small.yaml --quiet --output-dir a 2> errors", Program.path,
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(["SERSPEC_CACHE": folder.file(".cache")]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let errors = try folder.text("errors")
    #expect(process.terminationStatus == 0 && errors.contains("run.cache_unwritable"), "\(errors)")
    _ = try run(folder, "b", ["--no-cache"])
    try expectEqualRuns(folder, "a", "b")
    #expect(try Program.run(["cache", "verify"], in: folder).status == 0, "what was written is whole")
    #expect(counts(try run(folder, "c").summary)[0][0] > 10, "and is used")
  }

  @Test func standardizationIsKeptWithTheRun() throws {
    let folder = try experiment(
      """
      length: {policy: batch_longest}
      features:
        spectral: [rms: {frame_length: 512, hop_length: 160}, standardize]
      """)
    _ = try run(folder, "a", ["--threads", "1"])
    _ = try run(folder, "b", ["--threads", "3"])
    try expectEqualRuns(folder, "a", "b")
    let directory = try SmallExperiment.directory(folder, below: "a")
    let kept = try JSON.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: "\(directory)/standardize.json"))))
    #expect(kept["spectral"]?["over"] == "frames")
    #expect(kept["spectral"]?["mean"]?.asArray?.count == 1 && kept["spectral"]?["scale"]?.asArray?.count == 1)
    let weights = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/checkpoints/best/weights.safetensors"))
    let length = weights[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSON.parse([UInt8](weights[8..<8 + length]))
    let text = try #require(header["__metadata__"]?["standardize"]?.asString)
    #expect(try JSON.parse(text).text() == kept.text())
  }
}
