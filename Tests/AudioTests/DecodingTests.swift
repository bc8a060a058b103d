import Audio
import Diagnostics
import Foundation
import Testing

@Suite struct DecodingTests {
  @Test(arguments: [
    "pcm8.wav", "pcm16.wav", "pcm24.wav", "pcm32.wav", "float32.wav", "float64.wav", "extensible.wav", "flac16.flac",
    "flac24.flac",
  ])
  func samplesAreThoseOfSoundfile(name: String) throws {
    let clip = try AudioDecoder.decode(path: Fixture.path(name))
    #expect(clip.rate == 22050)
    #expect(clip.channels.count == 2)
    #expect(clip.frames == 300)
    #expect(try clip.channels.flatMap { $0 } == Fixture.floats(name + ".f32"))
  }

  @Test func unsupportedEncodingIsNamed() {
    let finding = finding(in: Fixture.path("mulaw.wav"))
    #expect(finding?.id == "data.audio_unsupported_encoding")
    #expect(finding?.summary.contains("0x7") == true)
  }

  @Test func missingFile() {
    #expect(finding(in: "/nowhere/x.wav")?.id == "data.audio_missing")
  }

  @Test func folder() {
    #expect(finding(in: Fixture.folder.path)?.id == "data.audio_not_a_file")
  }

  @Test func pipeDoesNotBlock() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("serspec-\(UUID()).wav").path
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    #expect(finding(in: path)?.id == "data.audio_not_a_file")
  }

  @Test(arguments: [
    ("an empty file", "data.audio_empty_file", [UInt8]()),
    ("text", "data.audio_unknown_format", Array("RIFFabcd this is not a sound file".utf8)),
    ("another RIFF", "data.audio_unknown_format", Array("RIFF\u{4}\0\0\0AVI LIST".utf8)),
    ("a WAV without chunks", "data.audio_damaged_header", Array("RIFF\u{4}\0\0\0WAVE".utf8)),
    ("four letters of FLAC", "data.audio_damaged_header", Array("fLaC".utf8)),
  ])
  func notASound(what: String, id: String, bytes: [UInt8]) throws {
    #expect(try finding(of: bytes)?.id == id, "\(what)")
  }

  @Test func cutWaveNamesBothSizes() throws {
    let whole = try bytes("pcm16.wav")
    let finding = try finding(of: Array(whole.dropLast(500)))
    #expect(finding?.id == "data.audio_truncated")
    #expect(finding?.summary.contains("700 of 1200 bytes") == true, "\(finding?.summary ?? "")")
  }

  @Test func headerOnly() throws {
    let header = Array(try bytes("pcm16.wav").prefix(44))
    #expect(try finding(of: header)?.id == "data.audio_truncated")
    #expect(try finding(of: header.prefix(40) + [0, 0, 0, 0])?.id == "data.audio_no_samples")
    #expect(try finding(of: header.prefix(40) + [0, 0, 0, 0] + [1, 2, 3])?.id == "data.audio_length_unknown")
    #expect(try finding(of: header.prefix(40) + [255, 255, 255, 255])?.id == "data.audio_length_unknown")
    #expect(try finding(of: Array(header.prefix(30)))?.id == "data.audio_damaged_header")
  }

  @Test func headerThatContradictsItself() throws {
    var whole = try bytes("pcm16.wav")
    whole[32] = 3  // bytes a frame
    #expect(try finding(of: whole)?.id == "data.audio_damaged_header")
    whole[32] = 4
    whole.replaceSubrange(24..<28, with: [0, 0, 0, 0])  // the rate
    #expect(try finding(of: whole)?.id == "data.audio_damaged_header")
  }

  @Test func cutFLAC() throws {
    let whole = try bytes("flac16.flac")
    let finding = try finding(of: Array(whole.dropLast(100)))
    #expect(finding?.id == "data.audio_truncated")
    #expect(finding?.summary.contains("of 300 samples") == true)
  }

  @Test func everyPrefixOfAFileIsRefused() throws {
    for name in ["pcm16.wav", "extensible.wav", "flac16.flac"] {
      let whole = try bytes(name)
      for count in Swift.stride(from: 0, to: whole.count - 1, by: 37) {
        #expect(try finding(of: Array(whole.prefix(count)))?.id.hasPrefix("data.audio_") == true, "\(name) \(count)")
      }
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) throws {
    var whole = try bytes("float32.wav")
    let last = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    whole.replaceSubrange(whole.count - 4..<whole.count, with: last)
    let finding = try finding(of: whole)
    #expect(finding?.id == "data.audio_not_finite")
    #expect(finding?.summary.contains("sample 299 of channel 2") == true)
  }

  @Test func silent() throws {
    let whole = try bytes("pcm16.wav")
    let finding = try finding(of: whole.prefix(44) + [UInt8](repeating: 0, count: 1200))
    #expect(finding?.id == "data.audio_silent")
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Fixture.folder.appendingPathComponent(name)))
  }

  /// What is found in a file of the given bytes; nil where it is read.
  private func finding(of bytes: [UInt8]) throws -> Diagnostic? {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("serspec-\(UUID()).wav")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let finding = finding(in: file.path)
    if let finding { #expect(finding.summary.hasPrefix(file.path)) }
    return finding
  }

  private func finding(in path: String) -> Diagnostic? {
    do {
      _ = try AudioDecoder.decode(path: path)
      return nil
    } catch {
      return (error as? DiagnosticFailure)?.diagnostics.first
    }
  }
}
