import Corpus
import Foundation
import TestSupport
import Testing

/// Files are known by their bytes, and not read again while they stay as they are.
@Suite struct AudioFileTests {
  private let clips = CachedClips()

  /// Writes 16-bit mono WAV files whose time of change lies `age` seconds back.
  private func write(_ folder: TemporaryFolder, _ name: String, pitch: Double, age: Double) throws {
    let samples = Tone.samples(count: 9000, pitch: pitch).map { Int16($0 * 20000) }
    func little<Number: FixedWidthInteger>(_ number: Number) -> Data {
      withUnsafeBytes(of: number.littleEndian) { Data($0) }
    }
    var data = Data("RIFF".utf8) + little(UInt32(36 + 2 * samples.count)) + Data("WAVEfmt ".utf8) + little(UInt32(16))
    data += little(UInt16(1)) + little(UInt16(1)) + little(UInt32(16000)) + little(UInt32(32000))
    data += little(UInt16(2)) + little(UInt16(16)) + Data("data".utf8) + little(UInt32(2 * samples.count))
    data += samples.map { little($0) }.reduce(Data(), +)
    try data.write(to: URL(fileURLWithPath: folder.file(name)))
    try setAge(folder, name, age)
  }

  private func setAge(_ folder: TemporaryFolder, _ name: String, _ age: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: folder.file(name))
  }

  private func report(_ folder: TemporaryFolder, _ names: [String]) throws -> String {
    let sources = names.map { ClipSource.file(folder.file($0)) }
    return try clips.store(CachedClips.cache(folder), sources: sources, features: ["level"]).report.text
  }

  @Test func bytesDecideAndNotNamesOrTimes() throws {
    let folder = try TemporaryFolder()
    for (index, name) in ["a.wav", "b.wav"].enumerated() {
      try write(folder, name, pitch: 150 + 50 * Double(index), age: 100)
    }
    #expect(try report(folder, ["a.wav", "b.wav"]) == "level: not cached, computing 2 clips")
    #expect(try report(folder, ["a.wav", "b.wav"]) == "level: cached")
    try setAge(folder, "a.wav", 50)
    #expect(try report(folder, ["a.wav"]) == "level: cached", "touched")
    try FileManager.default.moveItem(atPath: folder.file("b.wav"), toPath: folder.file("c.wav"))
    #expect(try report(folder, ["c.wav"]) == "level: cached", "moved")
    try write(folder, "a.wav", pitch: 300, age: 70)
    #expect(
      try report(folder, ["a.wav", "c.wav"]) == "level: 1 of 2 clips cached, computing 1 clip",
      "of the same size, but other sound")
  }

  @Test func filesThatStayAreRemembered() throws {
    let folder = try TemporaryFolder()
    try write(folder, "old.wav", pitch: 150, age: 100)
    try write(folder, "new.wav", pitch: 200, age: 0)
    for _ in 0..<2 { _ = try report(folder, ["old.wav", "new.wav"]) }
    #expect(CacheInventory(CachedClips.cache(folder)).audioFiles == 1, "a file of this moment may still change")
  }
}
