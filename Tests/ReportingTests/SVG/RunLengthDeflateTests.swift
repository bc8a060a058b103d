import Reporting
import Testing

@Suite struct RunLengthDeflateTests {
  /// As much of an inflater (RFC 1951) as blocks with fixed codes and the distance of one need, by the tables of section 3.2.5.
  private struct Inflater {
    static let lengths: [(base: Int, extra: Int)] =
      (3...10).map { ($0, 0) } + [11, 13, 15, 17].map { ($0, 1) } + [19, 23, 27, 31].map { ($0, 2) }
      + [35, 43, 51, 59].map { ($0, 3) } + [67, 83, 99, 115].map { ($0, 4) } + [131, 163, 195, 227].map { ($0, 5) }
      + [(258, 0)]

    let bytes: [UInt8]
    var place = 0

    mutating func bit() -> Int {
      defer { place += 1 }
      return place / 8 < bytes.count ? Int(bytes[place / 8] >> (place % 8) & 1) : 0
    }

    mutating func number(_ width: Int) -> Int { (0..<width).reduce(0) { $0 | bit() << $1 } }

    mutating func symbol() -> Int {
      var code = (0..<7).reduce(0) { value, _ in value << 1 | bit() }
      if code < 0b001_1000 { return code + 256 }
      code = code << 1 | bit()
      if (0x30..<0xC0).contains(code) { return code - 0x30 }
      if (0xC0..<0xC8).contains(code) { return code - 0xC0 + 280 }
      return (code << 1 | bit()) - 0x190 + 144
    }

    mutating func content() -> [UInt8]? {
      guard number(3) == 0b011 else { return nil }
      var result: [UInt8] = []
      while place / 8 <= bytes.count {
        let symbol = symbol()
        if symbol == 256 { return (place + 7) / 8 == bytes.count ? result : nil }
        if symbol < 256 {
          result.append(UInt8(symbol))
        } else {
          let length = Self.lengths[symbol - 257]
          let count = length.base + number(length.extra)
          guard number(5) == 0, let last = result.last else { return nil }
          result += [UInt8](repeating: last, count: count)
        }
      }
      return nil
    }
  }

  private func expectSame(_ content: [UInt8]) {
    var inflater = Inflater(bytes: RunLengthDeflate.compressed(content))
    #expect(inflater.content() == content, "\(content.count) bytes")
  }

  @Test func everyByteAndEveryLengthComesBack() {
    expectSame([])
    expectSame((0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 167) })
    for count in 1...600 { expectSame([7] + [UInt8](repeating: UInt8(count % 256), count: count) + [9]) }
    #expect(RunLengthDeflate.compressed([UInt8](repeating: 0, count: 100_000)).count < 700)
  }
}
