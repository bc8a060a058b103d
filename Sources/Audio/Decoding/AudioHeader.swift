import Foundation

/// What a sound file's header announces.
///
/// libsndfile opens dozens of formats and takes a truncated file for a shorter one, so the header is read here
/// first: only formats that serspec means to accept go on, and the announced length is known.
struct AudioHeader {
  var format: AudioFormat
  /// Samples a channel.
  var frames: Int
  /// Where the samples of a WAV file begin, or the whole of a FLAC stream; in bytes.
  var offset: Int

  init(_ format: AudioFormat, frames: Int, offset: Int) {
    (self.format, self.frames, self.offset) = (format, frames, offset)
  }

  /// Reads the header of the open file `descriptor` of `size` bytes.
  init(descriptor: Int32, size: Int) throws(AudioProblem) {
    let tag = Self.lengthOfTags(descriptor)
    let start = HeaderBytes(descriptor: descriptor, at: tag, count: 12)
    if ["RIFF", "RF64"].contains(start.text(0..<4)), start.text(8..<12) == "WAVE" {
      self = try WaveHeader.read(descriptor, at: tag, size: size)
    } else if start.text(0..<4) == "fLaC" {
      self = try FLACHeader.read(descriptor, at: tag, size: size)
    } else {
      throw .unknownFormat(ForeignFormat.name(of: HeaderBytes(descriptor: descriptor, at: 0, count: 64)))
    }
    guard (1...1_536_000).contains(format.rate) else {
      throw .damagedHeader("a sampling rate of \(format.rate) Hz")
    }
    guard (1...256).contains(format.channels) else { throw .damagedHeader("\(format.channels) channels") }
    guard frames > 0 else { throw .noSamples }
  }

  /// How many bytes the ID3 tags take that some programs write before the sound: `ID3`, version, flags and a size of four
  /// bytes with seven bits each (id3.org, "ID3 tag version 2.4.0", section 3.1).
  private static func lengthOfTags(_ descriptor: Int32) -> Int {
    var offset = 0
    for _ in 0..<4 {
      let head = HeaderBytes(descriptor: descriptor, at: offset, count: 10)
      guard head.count == 10, head.text(0..<3) == "ID3" else { break }
      let size = (6..<10).reduce(0) { $0 << 7 | Int(head.byte($1) & 0x7F) }
      let footer = head.byte(5) & 0x10 != 0 ? 10 : 0
      offset += 10 + size + footer
    }
    return offset
  }
}
