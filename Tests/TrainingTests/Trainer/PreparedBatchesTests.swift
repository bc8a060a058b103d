import Diagnostics
import Planning
import Synchronization
import Testing
import Training

@Suite struct PreparedBatchesTests {
  @Test func batchesComeInTheirOrder() throws {
    let source = Recorder()
    let batches = PreparedBatches([[0, 1, 2], [5], [3, 4]], source: source)
    #expect(try batches.next()?.labels == [0, 1, 2])
    #expect(try batches.next()?.labels == [5])
    #expect(try batches.next()?.labels == [3, 4])
    #expect(try batches.next() == nil && batches.next() == nil)
    #expect(source.asked == [0, 5, 3])
    #expect(try PreparedBatches([], source: source).next() == nil)
  }

  /// Nobody asks for the second batch, yet it is made.
  @Test(.timeLimit(.minutes(1))) func theNextIsMadeWhileThisOneIsUsed() async throws {
    let source = Recorder()
    let batches = PreparedBatches([[0], [1], [2]], source: source)
    _ = try batches.next()
    while source.asked.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
    try await Task.sleep(for: .milliseconds(5))
    #expect(source.asked == [0, 1], "one ahead, not all")
    withExtendedLifetime(batches) {}
  }

  @Test func aMistakeComesWithItsBatch() throws {
    let source = Recorder(failing: 7)
    let batches = PreparedBatches([[1], [2], [7], [3]], source: source)
    #expect(try batches.next()?.labels == [1])
    #expect(try batches.next()?.labels == [2])
    let failure = #expect(throws: DiagnosticFailure.self) { _ = try batches.next() }
    #expect(failure?.diagnostics.map(\.summary) == ["clip 7 is bad"])
    #expect(try batches.next() == nil, "nothing is made behind a mistake")
    #expect(source.asked == [1, 2, 7])
  }

  /// Stopped before the bad batch was asked for: its mistake is nobody's.
  @Test func whatNobodyAskedForIsDropped() throws {
    let source = Recorder(failing: 7)
    do {
      let batches = PreparedBatches([[1], [7]], source: source)
      #expect(try batches.next()?.labels == [1])
    }
    #expect(source.asked == [1, 7], "and was through before the batches went")
  }
}

/// Batches whose labels are their clips.
private final class Recorder: BatchSource {
  let labels: [Int] = []
  private let failing: Int?
  private let clips = Mutex<[Int]>([])

  init(failing: Int? = nil) { self.failing = failing }

  /// The first clip of each batch that was asked for.
  var asked: [Int] { clips.withLock(\.self) }

  var batchesOfSimilarLength: Int? { nil }
  func samples(of clip: Int) -> Int { 0 }

  func batch(of list: [Int]) throws -> Batch {
    clips.withLock { $0.append(list[0]) }
    if list[0] == failing {
      throw DiagnosticFailure([Diagnostic("data.audio_absent", "clip \(list[0]) is bad")])
    }
    return Batch(shapes: [[1]], features: [list.map { Float($0) }], labels: list.map { Int32($0) })
  }
}
