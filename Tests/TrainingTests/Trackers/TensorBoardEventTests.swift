import Foundation
import Testing
import Training

@Suite("events of TensorBoard") struct TensorBoardEventTests {
  @Test("they are the bytes of tensorboard's own messages")
  func bytes() throws {
    func time(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }
    // 1, 2, ... 65 in 64 bins of width 1; the last bin holds its upper end, too.
    let histogram = try #require(TensorHistogram("weights/a", (1...65).map(Float.init)))
    let image = TrackedImage(width: 3, height: 2, png: [0x89] + Array("PNG".utf8))
    let events = [
      TensorBoardEvents.version(at: time(1.5)),
      TensorBoardEvents.event(
        [TensorBoardEvents.sessionStart([("lr", 0.001)], at: time(1.5))], step: 0, at: time(1.5)),
      TensorBoardEvents.event(
        [TensorBoardEvents.scalar("loss/val", 0.1), TensorBoardEvents.histogram(histogram)], step: 3, at: time(2.5)),
      TensorBoardEvents.event(
        [TensorBoardEvents.sessionEnd(at: time(4.5)), TensorBoardEvents.image("confusion/test", image)], step: 3,
        at: time(4.5)),
    ]
    let expected = TFRecord.read(try Fixture.bytes("tracker.tfevents")).map { Array($0.content) }
    for (event, expected) in zip(events, expected) {
      // A step of 0 need not be written; ours is.
      let ours = try #require(ProtobufFields(event.bytes[...])).fields.filter { $0.value != .varint(0) }
      let theirs = try #require(ProtobufFields(expected[...])).fields
      #expect(ours.map(\.number) == theirs.map(\.number))
      #expect(ours.map(\.value) == theirs.map(\.value))
    }
  }

  @Test("histograms count every number, and what is none is left out")
  func histograms() throws {
    let values: [Float] = [-1, 0, 0.25, 1, .nan, .infinity, 3]
    let histogram = try #require(TensorHistogram("a", values))
    #expect(histogram.counts.reduce(0, +) == 5)
    #expect((histogram.minimum, histogram.maximum, histogram.sum) == (-1, 3, 3.25))
    #expect(histogram.squareSum == 11.0625)
    #expect(histogram.limits.last == 3)
    #expect(histogram.counts.first == 1 && histogram.counts.last == 1)
    let flat = try #require(TensorHistogram("a", [2, 2] as [Float]))
    #expect(flat.counts == [2] && flat.limits == [2.5])
    #expect(TensorHistogram("a", [.nan] as [Float]) == nil)
  }
}
