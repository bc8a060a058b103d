/// FLAC: `fLaC`, then metadata blocks, of which the first is STREAMINFO (RFC 9639, sections 8.1 and 8.2).
enum FLACHeader {
  /// Frames hold at most so many samples a channel, and take at least so many bytes.
  private static let (mostSamplesAFrame, fewestBytesAFrame) = (65_535, 10)

  /// The header of the stream that begins at byte `start` of a file of `size` bytes.
  static func read(_ descriptor: Int32, at start: Int, size: Int) throws(AudioProblem) -> AudioHeader {
    let block = HeaderBytes(descriptor: descriptor, at: start + 4, count: 38)
    guard block.count == 38, block.big(0, bytes: 1) & 0x7F == 0, block.big(1, bytes: 3) == 34 else {
      throw .damagedHeader("the STREAMINFO block is missing")
    }
    // 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples.
    let high = block.big(14, bytes: 4)
    let frames = (block.big(17, bytes: 1) & 0xF) << 32 | block.big(18, bytes: 4)
    let bits = (high >> 4 & 31) + 1
    guard [8, 16, 24].contains(bits) else { throw .unsupportedEncoding("FLAC of \(bits) bits") }
    let format = AudioFormat(
      container: .flac, encoding: .pcm, bits: bits, channels: (high >> 9 & 7) + 1, rate: high >> 12)
    let sound = size - (try endOfMetadata(descriptor, at: start))
    if frames == 0, sound > 0 { throw .lengthUnknown }
    guard frames / mostSamplesAFrame <= max(0, sound) / fewestBytesAFrame else {
      throw .truncated(expected: frames, found: nil, unit: "samples")
    }
    return AudioHeader(format, frames: frames, offset: start)
  }

  /// Where the sound starts.
  private static func endOfMetadata(_ descriptor: Int32, at start: Int) throws(AudioProblem) -> Int {
    var (offset, last) = (start + 4, false)
    while !last {
      let head = HeaderBytes(descriptor: descriptor, at: offset, count: 4)
      guard head.count == 4, head.byte(0) != 0xFF else { throw .damagedHeader("the metadata blocks have no end") }
      last = head.byte(0) & 0x80 != 0
      offset += 4 + head.big(1, bytes: 3)
    }
    return offset
  }
}
