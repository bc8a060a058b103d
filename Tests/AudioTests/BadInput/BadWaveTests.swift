import Audio
import Foundation
import TestSupport
import Testing

/// WAV files that lie, break off or hold nothing: each is refused by name, none traps, hangs or takes memory that it only announces.
@Suite struct BadWaveTests {
  private static let data = (0..<100).flatMap { WaveBytes.little($0 * 300 - 15_000, 2) }
  private static let whole = WaveBytes(data: data).bytes

  struct Bad: Sendable, CustomTestStringConvertible {
    let what: String
    let id: String
    let bytes: [UInt8]
    var testDescription: String { what }

    init(_ what: String, _ id: String, _ bytes: [UInt8]) { (self.what, self.id, self.bytes) = (what, id, bytes) }
    init(_ what: String, _ id: String, _ file: WaveBytes) { self.init(what, id, file.bytes) }
  }

  private static let cases: [Bad] = [
    Bad("zero bytes", "empty_file", []),
    Bad("a header only", "truncated", Array(whole.prefix(44))),
    Bad("no samples", "no_samples", WaveBytes()),
    Bad("data of size 0 and samples behind", "length_unknown", WaveBytes(data: data, dataSize: 0)),
    Bad("data of size 0 and a chunk behind", "no_samples", WaveBytes(behind: WaveBytes.chunk("LIST", [1, 2, 3, 4]))),
    Bad("data of size 0xFFFFFFFF", "length_unknown", WaveBytes(data: data, dataSize: .max)),
    Bad("data of size 0xFFFFFFFE", "truncated", WaveBytes(data: data, dataSize: .max - 1)),
    Bad("data of twice its size", "truncated", WaveBytes(data: data, dataSize: 400)),
    Bad("data of one byte", "no_samples", WaveBytes(data: [1])),
    Bad("a format of size 0xFFFFFFFF", "damaged_header", WaveBytes(data: data, formatSize: .max)),
    Bad("a format of size 0", "damaged_header", WaveBytes(data: data, formatSize: 0)),
    Bad(
      "a chunk of size 0xFFFFFFFF before the data", "damaged_header",
      WaveBytes(data: data, between: Array("LIST".utf8) + [255, 255, 255, 255])),
    Bad(
      "a chunk of odd size without its padding", "damaged_header",
      WaveBytes(data: data, between: Array("LIST".utf8) + [5, 0, 0, 0, 1, 2, 3, 4, 5])),
    Bad(
      "thousands of empty chunks", "damaged_header",
      WaveBytes(data: data, between: Array(repeatElement(WaveBytes.chunk("junk", []), count: 2000).joined()))),
    Bad(
      "zeros behind the format", "damaged_header",
      Array(WaveBytes(data: data).bytes.prefix(36)) + [UInt8](repeating: 0, count: 100_000)),
    Bad("rate 0", "damaged_header", WaveBytes(rate: 0, data: data)),
    Bad("a rate of 4 GHz", "damaged_header", WaveBytes(rate: 0xFFFF_FFFF, data: data)),
    Bad("no channels", "damaged_header", WaveBytes(channels: 0, data: data)),
    Bad("65,535 channels", "damaged_header", WaveBytes(channels: 65_535, blockAlign: 131_070 & 0xFFFF, data: data)),
    Bad("300 channels", "damaged_header", WaveBytes(channels: 300, data: data + data + data)),
    Bad("blocks of 0 bytes", "damaged_header", WaveBytes(blockAlign: 0, data: data)),
    Bad("blocks of 3 bytes for 16 bits", "damaged_header", WaveBytes(blockAlign: 3, data: data)),
    Bad("blocks of 65,535 bytes", "damaged_header", WaveBytes(blockAlign: 65_535, data: data)),
    Bad("mu-law", "unsupported_encoding", WaveBytes(code: 7, bits: 8, data: data)),
    Bad("ADPCM", "unsupported_encoding", WaveBytes(code: 2, bits: 4, blockAlign: 256, data: data)),
    Bad("MP3 in WAV", "unsupported_encoding", WaveBytes(code: 0x55, bits: 0, blockAlign: 1, data: data)),
    Bad("format 0", "unsupported_encoding", WaveBytes(code: 0, data: data)),
    Bad(
      "data before the format", "damaged_header",
      Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WAVE".utf8) + WaveBytes.chunk("data", data)),
    Bad("all zeros", "silent", WaveBytes(data: [UInt8](repeating: 0, count: 4000))),
    Bad("all the same", "silent", WaveBytes(data: Array([[7, 1]].cycled(2000)))),
    Bad("one sample", "too_short", WaveBytes(data: [7, 1])),
    Bad("NaN", "not_finite", WaveBytes(code: 3, bits: 32, data: WaveBytes.floats([0.5, .nan, 0.25]))),
    Bad("infinity", "not_finite", WaveBytes(code: 3, bits: 32, data: WaveBytes.floats([0.5, 0.25, -.infinity]))),
    Bad("NaN of 64 bits", "not_finite", WaveBytes(code: 3, bits: 64, data: WaveBytes.doubles([0.5, .nan]))),
    Bad(
      "a number of 64 bits that no float can hold", "not_finite",
      WaveBytes(code: 3, bits: 64, data: WaveBytes.doubles([0.5, 1e300]))),
  ]

  @Test(arguments: cases)
  func isRefusedByName(bad: Bad) throws {
    let outcome = try SoundFile.read(bad.bytes)
    #expect(outcome.id == "data.audio_\(bad.id)", "\(outcome.summary)")
  }

  @Test("cut at every byte of the header, and with every byte of it set to 0 and to 255")
  func everyByteOfTheHeader() throws {
    let files = [
      WaveBytes(data: Self.data, between: WaveBytes.chunk("LIST", [1, 2, 3])).bytes,
      WaveBytes(code: 0xFFFE, subformat: [1, 0] + WaveBytes.microsoft, data: Self.data).bytes,
    ]
    let folder = try TemporaryFolder()
    let path = folder.file("clip.wav")
    func outcome(_ bytes: [UInt8]) throws -> SoundFile.Outcome {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return try SoundFile.read(path: path)
    }
    for file in files {
      let header = file.count - Self.data.count
      for count in 0...header { #expect(try outcome(Array(file.prefix(count))).id != nil, "\(count) bytes") }
      for index in 0..<header {
        for value in [0, 255] as [UInt8] {
          var changed = file
          changed[index] = value
          // Either it is read or refused: that it comes back is what is tested.
          _ = try outcome(changed)
        }
      }
    }
  }

  @Test("a size that asks for gigabytes takes none of them")
  func sizesAreNotBelieved() throws {
    let before = Self.peakMegabytes()
    for size in [UInt32.max - 1, 0x7FFF_FFFF, 0x4000_0000] {
      #expect(try SoundFile.read(WaveBytes(data: Self.data, dataSize: size).bytes).id == "data.audio_truncated")
    }
    let sizes = WaveBytes.little(0, 8) + WaveBytes.little(1 << 33, 8) + WaveBytes.little(0, 12)
    let long = WaveBytes(data: Self.data, dataSize: .max, form: "RF64", before: WaveBytes.chunk("ds64", sizes))
    #expect(try SoundFile.read(long.bytes).id == "data.audio_truncated")
    #expect(Self.peakMegabytes() - before < 200)
  }

  /// The most memory that the process has had.
  static func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}

extension Array where Element == [UInt8] {
  /// The first item again and again.
  fileprivate func cycled(_ count: Int) -> FlattenSequence<Repeated<[UInt8]>> {
    repeatElement(self[0], count: count).joined()
  }
}
