import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PlotCommandTests {
  @Test("one waveform and one spectrogram for each class, and less than a megabyte")
  func waveforms() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let result = try Program.run(["plot", "waveforms", "small.yaml", "-o", "w.svg"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let text = try folder.text("w.svg")
    #expect(XMLParser(data: Data(text.utf8)).parse())
    #expect(text.components(separatedBy: "<image ").count == 7)
    #expect(text.components(separatedBy: "<polygon ").count == 7)
    for name in ["sad", "angry", "disgust", "fear", "happy", "neutral", "time (s)", "frequency (kHz)", "synthesized"] {
      #expect(text.contains(name), "\(name)")
    }
    #expect(text.utf8.count < 1_000_000)
    let again = try Program.run(["plot", "waveforms", "small.yaml"], in: folder)
    #expect(again.output == text, "the same bytes on standard output")
  }

  @Test("pictures in the figure are PNG files with right checksums")
  func pictures() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let text = try Program.run(["plot", "waveforms", "small.yaml"], in: folder).output
    let encoded = try #require(text.firstMatch(of: /base64,([^"]+)"/)).1
    let bytes = Array(try #require(Data(base64Encoded: String(encoded))))
    #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var (place, names): (Int, [String]) = (8, [])
    while place < bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let content = Array(bytes[(place + 4)..<(place + 8 + length)])
      names.append(String(decoding: content.prefix(4), as: UTF8.self))
      let stated = bytes[(place + 8 + length)..<(place + 12 + length)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      #expect(Self.checksum(content) == stated)
      place += 12 + length
    }
    #expect(names == ["IHDR", "PLTE", "IDAT", "IEND"])
  }

  @Test func mistakes() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    #expect(try Program.run(["plot", "waveforms", "small.yaml", "--data", "nowhere"], in: folder).status == 4)
    #expect(try Program.run(["plot", "waveforms"], in: folder).status == 2)
    #expect(try Program.run(["plot", "nothing"], in: folder).status == 2)
  }

  /// CRC-32 bit by bit, apart from the program's.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF as UInt32) { state, byte in
      (0..<8).reduce(state ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
  }
}
