import Foundation
import Testing
import Training

@Suite("bytes of trackers' files") struct FramingTests {
  /// RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
  @Test(
    "CRC-32C of known bytes",
    arguments: [
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA), ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(UInt8(0)..<32), 0x46DD_794E), (Array((UInt8(0)..<32).reversed()), 0x113F_DB5C),
      (Array("123456789".utf8), 0xE306_9283), ([], 0),
    ] as [([UInt8], UInt32)])
  func checksum(_ bytes: [UInt8], _ expected: UInt32) {
    #expect(CRC32C.of(bytes[...]) == expected)
  }

  @Test("messages read back as they were written")
  func protobuf() throws {
    var inner = ProtobufMessage()
    inner.add(1, "ä")
    var message = ProtobufMessage()
    var ends: Set<Int> = []
    for field in 1...6 {
      switch field {
      case 1: message.add(1, 300)
      case 2: message.add(2, -1)
      case 3: message.add(3, 0.1)
      case 4: message.add(4, Float(0.1))
      case 5: message.add(5, inner)
      default: message.add(199, [1.0, 2.0])
      }
      ends.insert(message.bytes.count)
    }
    // 300 in two bytes of seven bits, as the encoding guide's example.
    #expect(message.bytes.starts(with: [0x08, 0xAC, 0x02]))
    let fields = try #require(ProtobufFields(message.bytes[...]))
    #expect(fields.integer(1) == 300)
    #expect(fields.integer(2) == -1)
    #expect(fields.fields[2].value == .fixed64(0.1.bitPattern))
    #expect(fields.fields[3].value == .fixed32(Float(0.1).bitPattern))
    #expect(fields.message(5)?.text(1) == "ä")
    #expect(fields.fields.last?.number == 199)
    // A message that is cut within a field is none.
    for count in 1...message.bytes.count {
      #expect((ProtobufFields(message.bytes[..<count]) != nil) == ends.contains(count), "\(count)")
    }
  }

  @Test("record files are those of tensorboard's own writer, and no damage is passed over")
  func records() throws {
    let file = try Fixture.bytes("tracker.tfevents")
    let records = TFRecord.read(file)
    #expect(records.count == 4)
    #expect(records.flatMap { TFRecord.framed(Array($0.content)) } == file)
    for place in file.indices {
      var damaged = file
      damaged[place] ^= 0x10
      let whole = TFRecord.read(damaged)
      #expect(whole.count < 4)
      #expect(zip(whole, records).allSatisfy { $0.content == $1.content })
      #expect(TFRecord.read(Array(file[..<place])).count == records.count { $0.end <= place })
    }
  }

  @Test("offline logs are those of the wandb client")
  func log() throws {
    let file = try Fixture.bytes("tracker.wandb")
    let records = WandbLog.read(file)
    // One of them goes over the end of a block.
    #expect(records.count > 5 && records.contains { $0.content.count > 32_768 })
    #expect(file.starts(with: WandbLog.header))
    var again = WandbLog.header
    for record in records { again += WandbLog.framed(record.content, at: again.count) }
    #expect(again == file)
    for place in stride(from: 0, to: file.count, by: 97) {
      var damaged = file
      damaged[place] ^= 1
      #expect(WandbLog.read(damaged).count < records.count)
      #expect(WandbLog.read(Array(file[..<place])).count == records.count { $0.end <= place })
    }
  }

  @Test(
    "records of any length at any place of a block read back", arguments: [7, 32_750, 32_754, 32_755, 32_761, 32_767])
  func blocks(start: Int) {
    let sizes = [start - 14, 0, 1, 32_747, 32_761, 32_762, 70_000, 5].filter { $0 >= 0 }
    let contents = sizes.map { size in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) } }
    var file = WandbLog.header
    for content in contents { file += WandbLog.framed(content, at: file.count) }
    #expect(WandbLog.read(file).map(\.content) == contents)
    #expect(WandbLog.read(file).last?.end == file.count)
  }
}
