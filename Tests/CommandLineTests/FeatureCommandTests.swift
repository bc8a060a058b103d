import Foundation
import TestSupport
import Testing

@Suite struct FeatureCommandTests {
  private func files(in folder: TemporaryFolder) throws {
    try SmallExperiment.write(to: folder)
    for (index, seconds) in [1.0, 1.5].enumerated() {
      try WaveFile.bytes(WaveFile.tone(200 + 30 * Double(index), seconds: seconds))
        .write(to: URL(fileURLWithPath: folder.file("\(index).wav")))
    }
  }

  private func summary(_ arguments: [String], in folder: TemporaryFolder) throws -> [String: Any] {
    let result = try Program.run(["features", "small.yaml"] + arguments + ["--json", "--quiet"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test("features of one length are one array, others an array each; the bytes do not depend on the threads")
  func archive() throws {
    let folder = try TemporaryFolder()
    try files(in: folder)
    let open = try summary(["0.wav", "1.wav", "-o", "a.npz"], in: folder)
    let features = try #require(open["features"] as? [[String: Any]])
    #expect(features.map { $0["name"] as? String } == ["spectral", "mel_image"])
    #expect(features[0]["shape"] is NSNull)
    #expect(features[0]["clip_shapes"] as? [[Int]] == [[27, 101], [27, 151]])
    #expect(features[1]["shape"] as? [Int] == [2, 1, 64, 64])
    #expect(open["arrays"] as? Int == 4 && open["rate_hz"] as? Int == 16_000)
    _ = try summary(["0.wav", "1.wav", "-o", "b.npz", "--threads", "1"], in: folder)
    #expect(FileManager.default.contentsEqual(atPath: folder.file("a.npz"), andPath: folder.file("b.npz")))

    let fixed = try summary(
      ["0.wav", "1.wav", "-o", "c.npz", "--set", "length={policy: fixed, seconds: 1}", "--feature", "spectral"],
      in: folder)
    #expect((fixed["features"] as? [[String: Any]])?.map { $0["shape"] as? [Int] } == [[2, 27, 101]])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("c.npz")))
    for name in ["spectral.npy", "files.npy"] { #expect(bytes.range(of: Data(name.utf8)) != nil, "\(name)") }
    #expect(bytes.range(of: Data("mel_image".utf8)) == nil)
  }

  @Test("a folder stands for the sound files in it and below, in order")
  func folders() throws {
    let folder = try TemporaryFolder(["clips/notes.txt"])
    try files(in: folder)
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder.file("clips/a"), withIntermediateDirectories: true)
    try manager.copyItem(atPath: folder.file("1.wav"), toPath: folder.file("clips/a/x.WAV"))
    try manager.copyItem(atPath: folder.file("0.wav"), toPath: folder.file("clips/b.wav"))
    let summary = try summary(["clips", "-o", "a.npz"], in: folder)
    #expect(summary["clips"] as? Int == 2)
    let features = try #require(summary["features"] as? [[String: Any]])
    #expect(features[0]["clip_shapes"] as? [[Int]] == [[27, 151], [27, 101]])
    let time = try #require(summary["time"] as? [String: Double])
    #expect(time.keys.sorted() == ["compute_s", "write_s"] && time.values.allSatisfy { $0 > 0 })

    try manager.createDirectory(atPath: folder.file("none"), withIntermediateDirectories: true)
    let none = try Program.run(["features", "small.yaml", "none", "-o", "b.npz"], in: folder)
    #expect(none.status == 4 && none.errors.contains("no sound file is in the folder none"), "\(none.errors)")
  }

  @Test("mistakes name what is wrong, and write nothing")
  func mistakes() throws {
    let folder = try TemporaryFolder()
    try files(in: folder)
    try Data("text".utf8).write(to: URL(fileURLWithPath: folder.file("2.wav")))
    let bad = try Program.run(["features", "small.yaml", "0.wav", "2.wav", "3.wav", "-o", "a.npz"], in: folder)
    #expect(bad.status == 4)
    #expect(bad.errors.contains("2.wav") && bad.errors.contains("3.wav") && bad.errors.contains("2 errors"))
    let unknown = try Program.run(
      ["features", "small.yaml", "0.wav", "-o", "a.npz", "--feature", "mel_imag"], in: folder)
    #expect(unknown.status == 3 && unknown.errors.contains("did you mean 'mel_image'"), "\(unknown.errors)")
    #expect(try Program.run(["features", "small.yaml", "0.wav"], in: folder).status == 2)
    let nowhere = try Program.run(["features", "small.yaml", "0.wav", "-o", "no/a.npz"], in: folder)
    #expect(nowhere.status == 1 && nowhere.errors.contains("no/a.npz"))
    #expect(try folder.names().allSatisfy { !$0.hasSuffix("npz") && !$0.contains("serspec-tmp") })
  }

  @Test("lengths that headers only announce take no memory: a gigabyte would be refused by the system")
  func announcedLengths() throws {
    let folder = try TemporaryFolder()
    try files(in: folder)
    // STREAMINFO of 134,217,727 samples in two channels of 16 bits, and zeros where frames should be.
    let header: [UInt8] =
      Array("fLaC".utf8) + [0x80, 0, 0, 34, 0x10, 0, 0x10, 0, 0, 0, 0, 0, 0, 0]
      + [0x03, 0xE8, 0x02, 0xF0, 0x07, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 16)
    try Data(header + [UInt8](repeating: 0, count: 300_000)).write(to: URL(fileURLWithPath: folder.file("a.flac")))
    var wave = Array(WaveFile.bytes(WaveFile.tone(200)))
    wave.replaceSubrange(40..<44, with: [0, 0, 0, 0x7F])
    try Data(wave).write(to: URL(fileURLWithPath: folder.file("b.wav")))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let command = "ulimit -v 900000; exec \"$0\" features small.yaml a.flac b.wav --threads 1 --quiet -o a.npz 2>errors"
    process.arguments = ["-c", command, Program.path]
    try process.run()
    process.waitUntilExit()
    let errors = try folder.text("errors")
    #expect(process.terminationReason == .exit && process.terminationStatus == 4, "\(errors)")
    #expect(errors.contains("a.flac: the file is cut short") && errors.contains("b.wav: the file is cut short"))
  }
}
