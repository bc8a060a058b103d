import Audio
import Foundation
import Testing

/// Every encoding, number of channels and rate that is read, by formula; the same files through soundfile give these numbers.
@Suite struct WaveEncodingTests {
  private static let sixteen = [0, 1, -1, 32_767, -32_768, 1234, -4321, 16_384]

  @Test("PCM of 8 to 32 bits, divided by 2^(bits - 1)", arguments: [8, 16, 24, 32])
  func pcm(bits: Int) throws {
    let largest = 1 << (bits - 1)
    let values = [0, 1, -1, largest - 1, -largest, largest / 3, -largest / 7, largest / 2]
    let stored = values.flatMap { WaveBytes.little(bits == 8 ? $0 + 128 : $0, bits / 8) }
    let samples = try #require(try SoundFile.read(WaveBytes(bits: bits, data: stored).bytes).samples)
    #expect(samples == values.map { Float(Double($0) / Double(largest)) })
  }

  @Test("float of 32 and 64 bits, also beyond full scale")
  func float() throws {
    let values: [Float] = [0, 1, -1, 0.1, -2.5, 1e-30, .leastNormalMagnitude, 3]
    let single = WaveBytes(code: 3, bits: 32, data: WaveBytes.floats(values))
    #expect(try SoundFile.read(single.bytes).samples == values)
    let double = WaveBytes(code: 3, bits: 64, data: WaveBytes.doubles(values.map(Double.init)))
    #expect(try SoundFile.read(double.bytes).samples == values)
  }

  @Test(
    "numbers of bits that no clip of speech has are refused",
    arguments: [(1, 64), (1, 12), (1, 0), (1, 40), (3, 16), (3, 24), (3, 128)])
  func oddBits(code: Int, bits: Int) throws {
    let file = WaveBytes(code: code, bits: bits, data: [UInt8](repeating: 1, count: 64))
    let outcome = try SoundFile.read(file.bytes)
    #expect(outcome.id == "data.audio_unsupported_encoding")
    #expect(outcome.summary.contains("of \(bits) bits"), "\(outcome.summary)")
  }

  @Test("one to eight channels, each with its own samples", arguments: 1...8)
  func channels(count: Int) throws {
    let frames = 50
    let values = (0..<frames * count).map { ($0 % count + 1) * 1000 + $0 / count }
    let file = WaveBytes(channels: count, data: values.flatMap { WaveBytes.little($0, 2) })
    let samples = try #require(try SoundFile.read(file.bytes).samples)
    let expected = (0..<count).flatMap { channel in
      (0..<frames).map { Float((channel + 1) * 1000 + $0) / 32_768 }
    }
    #expect(samples == expected)
  }

  @Test("rates", arguments: [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
  func rates(rate: Int) throws {
    let file = WaveBytes(rate: rate, data: Self.sixteen.flatMap { WaveBytes.little($0, 2) })
    guard case .sound(let sound) = try SoundFile.read(file.bytes) else {
      Issue.record("refused")
      return
    }
    #expect(sound.clip.rate == rate)
    #expect(sound.clip.seconds == 8 / Double(rate))
    #expect(sound.format.description == "\(rate) Hz, 16 bit PCM, 1 channel, WAV")
  }

  @Test("WAVE_EXTENSIBLE is read by its subformat")
  func extensible() throws {
    let pcm = WaveBytes(
      code: 0xFFFE, subformat: [1, 0] + WaveBytes.microsoft, data: Self.sixteen.flatMap { WaveBytes.little($0, 2) })
    let expected = Self.sixteen.map { Float($0) / 32_768 }
    #expect(try SoundFile.read(pcm.bytes).samples == expected)
    let float = WaveBytes(
      code: 0xFFFE, bits: 32, subformat: [3, 0] + WaveBytes.microsoft, data: WaveBytes.floats(expected))
    #expect(try SoundFile.read(float.bytes).samples == expected)
  }

  @Test("subformats that are not PCM or float are refused, and so is a part of one")
  func otherSubformats() throws {
    let data = Self.sixteen.flatMap { WaveBytes.little($0, 2) }
    let law = WaveBytes(code: 0xFFFE, subformat: [7, 0] + WaveBytes.microsoft, data: data)
    #expect(try SoundFile.read(law.bytes).id == "data.audio_unsupported_encoding")
    let foreign = WaveBytes(code: 0xFFFE, subformat: [1, 0] + [UInt8](repeating: 9, count: 14), data: data)
    #expect(try SoundFile.read(foreign.bytes).id == "data.audio_unsupported_encoding")
    let none = WaveBytes(code: 0xFFFE, data: data)
    #expect(try SoundFile.read(none.bytes).id == "data.audio_damaged_header")
  }

  @Test("RF64 keeps its size in a chunk of 64-bit numbers")
  func longForm() throws {
    let data = Self.sixteen.flatMap { WaveBytes.little($0, 2) }
    func file(_ size: Int) -> [UInt8] {
      let sizes = WaveBytes.little(0, 8) + WaveBytes.little(size, 8) + WaveBytes.little(8, 8) + WaveBytes.little(0, 4)
      return WaveBytes(
        data: data, dataSize: .max, form: "RF64", riffSize: .max, before: WaveBytes.chunk("ds64", sizes)
      ).bytes
    }
    #expect(try SoundFile.read(file(data.count)).samples == Self.sixteen.map { Float($0) / 32_768 })
    #expect(try SoundFile.read(file(1 << 40)).id == "data.audio_truncated")
    #expect(try SoundFile.read(file(-1)).id == "data.audio_damaged_header")
    let without = WaveBytes(data: data, dataSize: .max, form: "RF64", riffSize: .max)
    #expect(try SoundFile.read(without.bytes).id == "data.audio_length_unknown")
  }

  @Test("chunks of any length stand around the samples")
  func otherChunks() throws {
    let data = Self.sixteen.flatMap { WaveBytes.little($0, 2) }
    let list = WaveBytes.chunk("LIST", Array("INFOISFT".utf8) + [5, 0, 0, 0, 1, 2, 3])
    let expected = Self.sixteen.map { Float($0) / 32_768 }
    let cases: [(String, WaveBytes)] = [
      ("LIST before the format", WaveBytes(data: data, before: list)),
      ("LIST of odd length before the data", WaveBytes(data: data, between: list + list)),
      ("LIST behind", WaveBytes(data: data, behind: list)),
      ("rubbish behind", WaveBytes(data: data, behind: Array("rubbish".utf8))),
      ("a wrong size of the whole", WaveBytes(data: data, riffSize: .max)),
      ("no size of the whole", WaveBytes(data: data, riffSize: 0)),
      ("an empty chunk", WaveBytes(data: data, between: WaveBytes.chunk("junk", []))),
      ("half a frame too much", WaveBytes(data: data + [7])),
    ]
    for (what, file) in cases { #expect(try SoundFile.read(file.bytes).samples == expected, "\(what)") }
    // libsndfile, too, takes the size for what it is: the samples of a chunk that is smaller than the file end where it says.
    let short = WaveBytes(data: data, dataSize: 8)
    #expect(try SoundFile.read(short.bytes).samples == Array(expected.prefix(4)))
  }
}
