/// Builds WAV files byte by byte, right ones and wrong ones.
struct WaveBytes {
  /// 1 PCM, 3 float, 0xFFFE extensible.
  var code = 1
  var channels = 1
  var rate = 16_000
  var bits = 16
  /// Bytes a sample of all channels; the right number where nil.
  var blockAlign: Int?
  /// The identifier of the format behind its code, for the extensible ones.
  var subformat: [UInt8]?
  var data: [UInt8] = []
  /// What stands in the header for the size of the data; the right number where nil.
  var dataSize: UInt32?
  /// What stands in the header for the size of the format chunk; the right number where nil.
  var formatSize: UInt32?
  /// The first four bytes.
  var form = "RIFF"
  var riffSize: UInt32?
  /// Chunks before the format, between it and the data, and behind the data.
  var before: [UInt8] = []
  var between: [UInt8] = []
  var behind: [UInt8] = []

  /// The end of the identifiers of Microsoft's subformats.
  static let microsoft: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]

  var bytes: [UInt8] {
    let align = blockAlign ?? channels * bits / 8
    var format =
      Self.little(code, 2) + Self.little(channels, 2) + Self.little(rate, 4) + Self.little(rate * align, 4)
      + Self.little(align, 2) + Self.little(bits, 2)
    if let subformat { format += Self.little(22, 2) + Self.little(bits, 2) + Self.little(0, 4) + subformat }
    let size = formatSize.map(Int.init) ?? format.count
    let body =
      Array("WAVE".utf8) + before + Array("fmt ".utf8) + Self.little(size, 4) + format + between
      + Array("data".utf8) + Self.little(dataSize.map(Int.init) ?? data.count, 4) + data + behind
    return Array(form.utf8) + Self.little(riffSize.map(Int.init) ?? body.count, 4) + body
  }

  /// A chunk, padded to even length.
  static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    Array(name.utf8) + little(content.count, 4) + content + (content.count % 2 == 1 ? [0] : [])
  }

  /// A number in so many bytes, the lowest first.
  static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func floats(_ values: [Float]) -> [UInt8] { values.flatMap { little(Int($0.bitPattern), 4) } }

  static func doubles(_ values: [Double]) -> [UInt8] {
    values.flatMap { little(Int(bitPattern: UInt(truncatingIfNeeded: $0.bitPattern)), 8) }
  }
}
