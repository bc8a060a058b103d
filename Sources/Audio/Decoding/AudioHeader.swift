import Foundation

/// What a sound file's header announces.
///
/// libsndfile opens dozens of formats and takes a truncated file for a shorter one, so the header is read here
/// first: only formats that serspec means to accept go on, and the announced length is known.
struct AudioHeader {
  var rate: Int
  var channels: Int
  /// Samples a channel.
  var frames: Int

  /// Reads the header of the open file `descriptor` of `size` bytes.
  init(descriptor: Int32, size: Int) throws(AudioProblem) {
    let start = HeaderBytes(descriptor: descriptor, at: 0, count: 12)
    if start.text(0..<4) == "RIFF", start.text(8..<12) == "WAVE" {
      self = try AudioHeader(wave: descriptor, size: size)
    } else if start.text(0..<4) == "fLaC" {
      self = try AudioHeader(flac: descriptor, size: size)
    } else {
      throw .unknownFormat
    }
    guard (1...1_536_000).contains(rate) else { throw .damagedHeader("a sampling rate of \(rate) Hz") }
    guard (1...256).contains(channels) else { throw .damagedHeader("\(channels) channels") }
    guard frames > 0 else { throw .noSamples }
  }

  /// RIFF/WAVE: chunks of an identifier, a size and that many bytes, padded to even length
  /// (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991).
  private init(wave descriptor: Int32, size: Int) throws(AudioProblem) {
    var format: (channels: Int, rate: Int, bytesPerFrame: Int)?
    var offset = 12
    while true {
      let head = HeaderBytes(descriptor: descriptor, at: offset, count: 8)
      guard head.count == 8 else {
        throw .damagedHeader(format == nil ? "there is no format chunk" : "there is no data chunk")
      }
      let (identifier, length) = (head.text(0..<4), head.little(4, bytes: 4))
      offset += 8
      if identifier == "fmt " {
        format = try Self.waveFormat(HeaderBytes(descriptor: descriptor, at: offset, count: min(length, 40)))
      } else if identifier == "data" {
        guard let format else { throw .damagedHeader("the data chunk comes before the format chunk") }
        if length == 0xFFFF_FFFF { throw .lengthUnknown }
        guard length <= size - offset else {
          throw .truncated(expected: length, found: size - offset, unit: "bytes")
        }
        self.init(rate: format.rate, channels: format.channels, frames: length / format.bytesPerFrame)
        return
      }
      offset += length + length % 2
    }
  }

  private init(rate: Int, channels: Int, frames: Int) {
    (self.rate, self.channels, self.frames) = (rate, channels, frames)
  }

  /// The format chunk: 1 is PCM, 3 float, 0xFFFE stands for the first two bytes of the subformat.
  private static func waveFormat(
    _ chunk: HeaderBytes
  ) throws(AudioProblem) -> (channels: Int, rate: Int, bytesPerFrame: Int) {
    guard chunk.count >= 16 else { throw .damagedHeader("the format chunk has \(chunk.count) bytes, not 16 or more") }
    var code = chunk.little(0, bytes: 2)
    if code == 0xFFFE {
      guard chunk.count >= 26 else { throw .damagedHeader("the extensible format chunk is too short") }
      code = chunk.little(24, bytes: 2)
    }
    let (channels, rate) = (chunk.little(2, bytes: 2), chunk.little(4, bytes: 4))
    let (bytesPerFrame, bits) = (chunk.little(12, bytes: 2), chunk.little(14, bytes: 2))
    switch (code, bits) {
    case (1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64): break
    case (1, _), (3, _): throw .unsupportedEncoding("\(code == 1 ? "PCM" : "float") of \(bits) bits")
    default: throw .unsupportedEncoding("WAVE format 0x\(String(code, radix: 16))")
    }
    guard channels > 0, bytesPerFrame == channels * bits / 8 else {
      throw .damagedHeader("\(channels) channels of \(bits) bits do not make blocks of \(bytesPerFrame) bytes")
    }
    return (channels, rate, bytesPerFrame)
  }

  /// FLAC: `fLaC`, then metadata blocks, of which the first is STREAMINFO (RFC 9639, sections 8.1 and 8.2).
  private init(flac descriptor: Int32, size: Int) throws(AudioProblem) {
    let block = HeaderBytes(descriptor: descriptor, at: 4, count: 38)
    guard block.count == 38, block.big(0, bytes: 1) & 0x7F == 0, block.big(1, bytes: 3) == 34 else {
      throw .damagedHeader("the STREAMINFO block is missing")
    }
    // 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples.
    let packed = block.big(14, bytes: 8)
    self.init(rate: packed >> 44, channels: (packed >> 41 & 7) + 1, frames: packed & 0xF_FFFF_FFFF)
    if frames == 0, try Self.endOfMetadata(flac: descriptor) < size { throw .lengthUnknown }
  }

  /// Where the sound of a FLAC file starts.
  private static func endOfMetadata(flac descriptor: Int32) throws(AudioProblem) -> Int {
    var (offset, last) = (4, false)
    while !last {
      let head = HeaderBytes(descriptor: descriptor, at: offset, count: 4)
      guard head.count == 4 else { throw .damagedHeader("the metadata blocks have no end") }
      last = head.big(0, bytes: 1) & 0x80 != 0
      offset += 4 + head.big(1, bytes: 3)
    }
    return offset
  }
}

/// A few bytes of a file; fewer than asked for where the file ends.
private struct HeaderBytes {
  private let bytes: [UInt8]

  init(descriptor: Int32, at offset: Int, count: Int) {
    bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
    }
  }

  var count: Int { bytes.count }

  func text(_ range: Range<Int>) -> String {
    range.upperBound <= bytes.count ? String(decoding: bytes[range], as: UTF8.self) : ""
  }

  func little(_ offset: Int, bytes count: Int) -> Int {
    bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  func big(_ offset: Int, bytes count: Int) -> Int {
    bytes[offset..<offset + count].reduce(0) { ($0 << 8) | Int($1) }
  }
}
