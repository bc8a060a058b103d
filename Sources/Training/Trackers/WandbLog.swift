/// The log of an offline run of Weights & Biases: LevelDB's log format behind seven bytes of its own, each record a message.
///
/// A file is blocks of 32 KiB. A record is one or more pieces, none over the end of a block, each with a checksum, its length and its
/// place in the record before it; what is left of a block where no piece fits is zero.
package enum WandbLog {
  /// Name, magic number and version.
  package static let header: [UInt8] = Array(":W&B".utf8) + [0xE1, 0xBE, 0]

  private static let block = 32_768
  private static let pieceHeader = 7

  /// Where a piece stands in its record.
  private enum Place: UInt8 {
    case whole = 1
    case first, middle, last
  }

  /// The bytes that add `record` to a file of `position` bytes.
  package static func framed(_ record: [UInt8], at position: Int) -> [UInt8] {
    var result: [UInt8] = []
    var rest = record[...]
    var isFirst = true
    repeat {
      let left = block - (position + result.count) % block
      if left < pieceHeader {
        result += [UInt8](repeating: 0, count: left)
        continue
      }
      let piece = rest.prefix(left - pieceHeader)
      rest = rest.dropFirst(piece.count)
      let place: Place = isFirst ? (rest.isEmpty ? .whole : .first) : (rest.isEmpty ? .last : .middle)
      isFirst = false
      result += ProtobufMessage.littleEndian(checksum(place, piece))
      result += ProtobufMessage.littleEndian(UInt16(piece.count)) + [place.rawValue] + piece
    } while isFirst || !rest.isEmpty
    return result
  }

  /// The whole records that a file begins with, and where each ends; what stands behind the first damaged one is left out.
  package static func read(_ file: [UInt8]) -> [(content: [UInt8], end: Int)] {
    guard file.starts(with: header) else { return [] }
    var records: [(content: [UInt8], end: Int)] = []
    var (start, content) = (header.count, [UInt8]())
    var isInside = false
    func number(_ at: Int, _ size: Int) -> Int { file[at..<at + size].reversed().reduce(0) { $0 << 8 | Int($1) } }
    while true {
      let left = block - start % block
      if left < pieceHeader { start += left }
      guard file.count - start >= pieceHeader else { return records }
      let count = number(start + 4, 2)
      guard let place = Place(rawValue: file[start + 6]), count <= file.count - start - pieceHeader,
        isInside == (place == .middle || place == .last)
      else { return records }
      let piece = file[start + pieceHeader..<start + pieceHeader + count]
      guard number(start, 4) == Int(checksum(place, piece)) else { return records }
      content += piece
      start += pieceHeader + count
      isInside = place == .first || place == .middle
      if !isInside {
        records.append((content, start))
        content = []
      }
    }
  }

  private static func checksum(_ place: Place, _ piece: ArraySlice<UInt8>) -> UInt32 {
    var checksum = CRC32()
    checksum.update([place.rawValue] + piece)
    return checksum.value
  }
}
