/// RIFF/WAVE: chunks of an identifier, a size and that many bytes, padded to even length
/// (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991); RF64 keeps sizes of 64 bits in a
/// chunk of its own (EBU Tech 3306, "MBWF / RF64: an extended file format for audio", 2009).
enum WaveHeader {
  /// More chunks than this before the samples are no list of chunks, but something else, such as zeros.
  private static let mostChunks = 1000

  /// The header of the WAV that begins at byte `start` of a file of `size` bytes.
  static func read(_ descriptor: Int32, at start: Int, size: Int) throws(AudioProblem) -> AudioHeader {
    var format: AudioFormat?
    var longSize: Int?
    var offset = start + 12
    for _ in 0..<mostChunks {
      let head = HeaderBytes(descriptor: descriptor, at: offset, count: 8)
      guard head.count == 8 else {
        throw .damagedHeader(format == nil ? "there is no format chunk" : "there is no data chunk")
      }
      guard head.isPrintable(0..<4) else { throw .damagedHeader("at byte \(offset) should be a chunk, but is none") }
      let (identifier, length) = (head.text(0..<4), head.little(4, bytes: 4))
      offset += 8
      switch identifier {
      case "fmt ":
        format = try self.format(HeaderBytes(descriptor: descriptor, at: offset, count: min(length, 40)))
      case "ds64":
        let chunk = HeaderBytes(descriptor: descriptor, at: offset, count: min(length, 16))
        guard chunk.count == 16, chunk.little(12, bytes: 4) < 1 << 31 else {
          throw .damagedHeader("the chunk of 64-bit sizes is damaged")
        }
        longSize = chunk.little(8, bytes: 8)
      case "data":
        guard let format else { throw .damagedHeader("the data chunk comes before the format chunk") }
        let announced = length == 0xFFFF_FFFF ? longSize : length
        return AudioHeader(
          format, frames: try frames(announced, of: format, descriptor, at: offset, size: size), offset: offset)
      default: break
      }
      offset += length + length % 2
    }
    throw .damagedHeader("there are more than \(mostChunks) chunks before the data")
  }

  /// How many samples a channel the data chunk of `length` bytes holds; nil is a length that is not told.
  private static func frames(
    _ length: Int?, of format: AudioFormat, _ descriptor: Int32, at offset: Int, size: Int
  ) throws(AudioProblem) -> Int {
    guard let length else { throw .lengthUnknown }
    let rest = size - offset
    guard length <= rest else { throw .truncated(expected: length, found: rest, unit: "bytes") }
    if length == 0, rest > 0 {
      // Some recorders write the size at the end, and a crash leaves it zero. Other chunks may follow samples that are none.
      let next = HeaderBytes(descriptor: descriptor, at: offset, count: 8)
      let isChunk = next.count == 8 && next.isPrintable(0..<4) && next.little(4, bytes: 4) <= rest - 8
      if !isChunk { throw .lengthUnknown }
    }
    return length / (format.channels * format.bits / 8)
  }

  /// The format chunk: 1 is PCM, 3 float, 0xFFFE stands for the subformat, whose first two bytes are such a code.
  private static func format(_ chunk: HeaderBytes) throws(AudioProblem) -> AudioFormat {
    guard chunk.count >= 16 else { throw .damagedHeader("the format chunk has \(chunk.count) bytes, not 16 or more") }
    var code = chunk.little(0, bytes: 2)
    if code == 0xFFFE {
      guard chunk.count >= 40 else { throw .damagedHeader("the extensible format chunk is too short") }
      guard subformatEndings.contains(chunk.slice(26..<40)) else {
        throw .unsupportedEncoding("a WAVE subformat that is not one of PCM or float")
      }
      code = chunk.little(24, bytes: 2)
    }
    let (channels, rate) = (chunk.little(2, bytes: 2), chunk.little(4, bytes: 4))
    let (bytesPerFrame, bits) = (chunk.little(12, bytes: 2), chunk.little(14, bytes: 2))
    switch (code, bits) {
    case (1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64): break
    case (1, _), (3, _): throw .unsupportedEncoding("\(code == 1 ? "PCM" : "float") of \(bits) bits")
    default: throw .unsupportedEncoding(codes[code] ?? "WAVE format 0x\(String(code, radix: 16))")
    }
    guard channels > 0, bytesPerFrame == channels * bits / 8 else {
      throw .damagedHeader("\(channels) channels of \(bits) bits do not make blocks of \(bytesPerFrame) bytes")
    }
    return AudioFormat(container: .wav, encoding: code == 1 ? .pcm : .float, bits: bits, channels: channels, rate: rate)
  }

  /// What stands behind the code in the identifier of a subformat: that of all of Microsoft's, and that of Ambisonic's B-format.
  private static let subformatEndings: [[UInt8]] = [
    [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71],
    [0, 0, 0x21, 0x07, 0xD3, 0x11, 0x86, 0x44, 0xC8, 0xC1, 0xCA, 0, 0, 0],
  ]

  /// Codes of the format chunk that one meets.
  private static let codes = [
    0x02: "Microsoft ADPCM (WAVE format 0x2)", 0x06: "A-law (WAVE format 0x6)", 0x07: "mu-law (WAVE format 0x7)",
    0x11: "IMA ADPCM (WAVE format 0x11)", 0x31: "GSM 6.10 (WAVE format 0x31)", 0x55: "MP3 in WAV (WAVE format 0x55)",
  ]
}
