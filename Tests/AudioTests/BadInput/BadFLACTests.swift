import Audio
import Foundation
import Testing

/// FLAC files that are cut, damaged or tagged.
@Suite struct BadFLACTests {
  private func fixture(_ name: String = "flac16.flac") throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: Fixture.path(name))))
  }

  /// A tag of ID3 version 2 with `count` bytes in it.
  private func tag(_ count: Int) -> [UInt8] {
    let size = [21, 14, 7, 0].map { UInt8(count >> $0 & 0x7F) }
    return Array("ID3".utf8) + [4, 0, 0] + size + [UInt8](repeating: 0, count: count)
  }

  @Test("behind tags, the samples are the same", arguments: [0, 1, 100, 5000])
  func behindTags(count: Int) throws {
    let whole = try fixture()
    let expected = try Fixture.floats("flac16.flac.f32")
    #expect(try SoundFile.read(tag(count) + whole).samples == expected)
    #expect(try SoundFile.read(tag(count) + tag(7) + whole).samples == expected)
    let wave = try fixture("pcm16.wav")
    #expect(try SoundFile.read(tag(count) + wave).samples == Fixture.floats("pcm16.wav.f32"))
  }

  @Test func aTagAndNothingElse() throws {
    #expect(try SoundFile.read(tag(100)).id == "data.audio_unknown_format")
    #expect(try SoundFile.read(Array(tag(100).prefix(50))).id == "data.audio_unknown_format")
  }

  @Test("cut anywhere in its sound")
  func cut() throws {
    let whole = try fixture()
    let sound = try #require(whole.indices.dropLast().last { whole[$0] == 0xFF && whole[$0 + 1] & 0xFC == 0xF8 })
    for count in Swift.stride(from: sound, to: whole.count - 2, by: 61) {
      let outcome = try SoundFile.read(Array(whole.prefix(count)))
      #expect(outcome.id == "data.audio_truncated" || outcome.id == "data.audio_damaged_samples", "\(outcome.summary)")
    }
  }

  @Test("a bit turned in the sound is found by the frame's checksum")
  func damaged() throws {
    let whole = try fixture()
    for position in [whole.count / 2, whole.count * 2 / 3, whole.count - 10] {
      var changed = whole
      changed[position] ^= 0x10
      let outcome = try SoundFile.read(changed)
      let ids = ["data.audio_truncated", "data.audio_damaged_samples", "data.audio_damaged_header"]
      #expect(ids.contains(outcome.id ?? ""), "byte \(position): \(outcome.summary)")
    }
  }

  @Test("every byte of the header set to 0 and to 255 is read or refused")
  func everyByteOfTheHeader() throws {
    let whole = try fixture()
    for index in 0..<46 {
      for value in [0, 255] as [UInt8] {
        var changed = whole
        changed[index] = value
        _ = try SoundFile.read(changed)
      }
    }
  }

  @Test("a length that would take gigabytes is not believed")
  func announcedLength() throws {
    let before = BadWaveTests.peakMegabytes()
    var whole = try fixture()
    // The number of samples: the low half of byte 21, then four bytes.
    whole.replaceSubrange(22..<26, with: [0x07, 0xFF, 0xFF, 0xFF])
    let outcome = try SoundFile.read(whole)
    #expect(outcome.id == "data.audio_truncated", "\(outcome.summary)")
    whole.replaceSubrange(22..<26, with: [0, 0x80, 0, 0])
    #expect(try SoundFile.read(whole + [UInt8](repeating: 0, count: 200_000)).id != nil)
    whole.replaceSubrange(22..<26, with: [0, 0, 0, 0])
    #expect(try SoundFile.read(whole).id == "data.audio_length_unknown")
    #expect(BadWaveTests.peakMegabytes() - before < 200)
  }

  @Test("bits that libsndfile does not know are refused before it sees them")
  func oddBits() throws {
    var whole = try fixture()
    // Five bits of bits - 1: the lowest of byte 20 and the high half of byte 21.
    whole[21] = 0x30 | whole[21] & 0x0F
    #expect(try SoundFile.read(whole).id == "data.audio_unsupported_encoding")
  }
}
