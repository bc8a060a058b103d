import Foundation
import TestSupport
import Testing

@Suite struct DoctorCommandTests {
  /// A corpus of four speakers, three sentences and six classes as files, and what is named in it.
  private static func corpus(in folder: TemporaryFolder) throws -> [String] {
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["synth", "clips", "--corpus", "few.yaml", "--quiet"], in: folder).status == 0)
    return try FileManager.default.contentsOfDirectory(atPath: folder.file("clips")).sorted()
  }

  private func report(_ arguments: [String], in folder: TemporaryFolder) throws -> (Int32, [String: Any]) {
    let result = try Program.run(
      ["doctor", "small.yaml", "--data", "clips", "--json", "--quiet"] + arguments, in: folder)
    let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    return (result.status, try #require(document, "\(result.errors)"))
  }

  @Test("a sound corpus has tables and no findings")
  func wholeCorpus() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let result = try Program.run(["doctor", "small.yaml", "--quiet"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    for text in ["72 clips, 6 classes, 4 speakers", "Nothing stops a run; 0 warnings.", "synthesized", "neutral"] {
      #expect(result.output.contains(text), "\(text)\n\(result.output)")
    }
  }

  @Test("every fault is named, and those that stop a run are errors")
  func faults() throws {
    let folder = try TemporaryFolder()
    let clips = try Self.corpus(in: folder)
    func path(_ index: Int) -> URL { URL(fileURLWithPath: folder.file("clips/\(clips[index])")) }
    let tone = WaveFile.tone(220, seconds: 2)
    try Data("not audio".utf8).write(to: path(0))
    try WaveFile.bytes([Int16](repeating: 0, count: 32_000)).write(to: path(1))
    try WaveFile.bytes(tone).dropLast(1000).write(to: path(2))
    try WaveFile.bytes(tone.map { $0 > 4000 ? 32_767 : $0 < -4000 ? -32_768 : $0 }).write(to: path(3))
    try WaveFile.bytes(WaveFile.tone(300, seconds: 2, rate: 8000), rate: 8000).write(to: path(4))
    try WaveFile.bytes(WaveFile.tone(310, seconds: 2).flatMap { [$0, $0] }, channels: 2).write(to: path(5))
    try WaveFile.bytes(WaveFile.tone(320, seconds: 0.2)).write(to: path(6))
    try WaveFile.bytes(WaveFile.tone(330, seconds: 12)).write(to: path(7))
    try WaveFile.bytes(WaveFile.tone(340, seconds: 2, peak: 5)).write(to: path(8))
    try WaveFile.bytes(WaveFile.tone(350, seconds: 2).map { $0 + 3000 }).write(to: path(9))
    try WaveFile.bytes(WaveFile.tone(360, seconds: 2)).write(to: path(10))
    try WaveFile.bytes(WaveFile.tone(360, seconds: 2)).write(to: path(11))
    let same = clips.indices.filter { clips[$0].contains("_NEU_") }.suffix(2)
    for index in same { try WaveFile.bytes(WaveFile.tone(370, seconds: 2)).write(to: path(index)) }
    try WaveFile.bytes(tone).write(to: URL(fileURLWithPath: folder.file("clips/no-clip.wav")))
    try WaveFile.bytes(tone).write(to: URL(fileURLWithPath: folder.file("clips/1001_S01_XYZ_XX.wav")))
    // A name that is not UTF-8, as an old archive may hold.
    let odd = Array("\(folder.path)/clips/caf".utf8) + [0xE9] + Array(".wav".utf8) + [0]
    let descriptor = odd.withUnsafeBufferPointer { name in
      name.baseAddress?.withMemoryRebound(to: CChar.self, capacity: odd.count) { open($0, O_CREAT | O_WRONLY, 0o600) }
    }
    close(descriptor ?? -1)

    let (status, document) = try report([], in: folder)
    #expect(status == 4)
    let findings = try #require(document["findings"] as? [[String: Any]])
    func found(_ check: String) -> [String] {
      findings.filter { $0["check"] as? String == check }.compactMap { $0["file"] as? String }
    }
    #expect(found("unreadable") == [clips[0]])
    #expect(found("silent") == [clips[1]])
    #expect(found("truncated") == [clips[2]])
    #expect(found("clipped") == [clips[3]])
    #expect(found("odd_format") == [clips[4], clips[5]])
    #expect(found("short") == [clips[6]])
    #expect(found("long") == [clips[7]])
    #expect(found("quiet") == [clips[8]])
    #expect(found("offset") == [clips[9]])
    #expect(found("duplicate_label") == [clips[10]])
    #expect(found("duplicate") == [same.first.map { clips[$0] }].compactMap { $0 })
    #expect(found("class_unknown") == ["1001_S01_XYZ_XX.wav"])
    #expect(found("name_unmatched").count == 2)
    #expect(document["errors"] as? Int == 3)
    let ids = findings.compactMap { $0["id"] as? String }
    #expect(Set(ids) == ["data.audio_unknown_format", "data.audio_silent", "data.audio_truncated"])
    #expect(document["clips"] as? Int == 72)
    #expect((document["classes"] as? [[String: Any]])?.count == 6)
    #expect((document["speakers"] as? [[String: Any]])?.count == 4)
    #expect((document["durations_s"] as? [String: Any])?["max"] as? Double == 12)

    let text = try Program.run(["doctor", "small.yaml", "--data", "clips", "--quiet"], in: folder)
    #expect(text.status == 4)
    #expect(text.output.contains("error: cannot be read: 1 clip\n  \(clips[0]): this is neither WAV nor FLAC"))
    #expect(text.output.contains("3 errors stop a run"))
    #expect(try report(["--threads", "1"], in: folder).1["warnings"] as? Int == document["warnings"] as? Int)

    let (skipped, left) = try report(["--set", "on_bad_clip=skip"], in: folder)
    #expect(skipped == 0, "clips that are left out stop nothing")
    #expect(left["errors"] as? Int == 0)
  }

  @Test("what a fixed length does to the clips")
  func fixedLength() throws {
    let folder = try TemporaryFolder()
    let clips = try Self.corpus(in: folder)
    for (index, clip) in clips.enumerated() {
      let seconds = index == 0 ? 2.5 : index == 1 ? 0.2 : 1
      try WaveFile.bytes(WaveFile.tone(100 + Double(index), seconds: seconds))
        .write(to: URL(fileURLWithPath: folder.file("clips/\(clip)")))
    }
    let (status, document) = try report(["--set", "length={policy: fixed, seconds: 1}"], in: folder)
    #expect(status == 0)
    let fixed = try #require(document["fixed_length"] as? [String: Any])
    #expect(fixed["cut"] as? Int == 1 && fixed["padded"] as? Int == 1)
    #expect(abs((fixed["cut_s"] as? Double ?? 0) - 1.5) < 1e-9)
    #expect(abs((fixed["padded_s"] as? Double ?? 0) - 0.8) < 1e-9)
  }

  @Test("a spec that is wrong is 3, a corpus that is not there 4")
  func otherEnds() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["doctor", "none.yaml"], in: folder).status == 3)
    let missing = try Program.run(["doctor", "small.yaml", "--data", "nowhere"], in: folder)
    #expect(missing.status == 4 && missing.errors.contains("data.corpus_missing"))
    #expect(try Program.run(["doctor", "small.yaml", "--set", "audio=[z_score]"], in: folder).status == 3)
  }

  @Test(
    "half of RAVDESS has one clip twice and three of two channels",
    .enabled(if: Shared.isExpected, Comment(rawValue: Shared.whySkipped)))
  func recordings() throws {
    let folder = try TemporaryFolder()
    let spec = Shared.project.appendingPathComponent("specs/cnn2d.yaml").path
    let result = try Program.run(
      ["doctor", spec, "--corpus", "ravdess", "--data", Shared.path("corpora/ravdess"), "--json", "--quiet"], in: folder
    )
    #expect(result.status == 0, "\(result.errors)")
    let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let checks = try #require(document?["checks"] as? [String: Int])
    #expect(checks["duplicate"] == 1 && checks["odd_format"] == 3 && checks["unreadable"] == 0)
  }
}
