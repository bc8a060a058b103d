import Corpus
import Spec
import Testing

/// `fixed` pads and cuts as numpy.pad and slices do.
@Suite struct FixedLengthTests {
  private func fit(_ fields: [String: String], _ waveform: [Float], to count: Int) throws -> [Float] {
    let length = try SpecPieces.step(
      .lengthPolicy, "fixed", fields.mapValues { .string($0) }.merging(["seconds": .number(1)]) { $1 })
    return try SpecPieces.report(length: length).fit(waveform, to: count)
  }

  @Test(
    arguments: [
      ([:], [1, 2, 3, 0, 0, 0, 0]),
      (["pad": "start"], [0, 0, 0, 0, 1, 2, 3]),
      (["pad": "both"], [0, 0, 1, 2, 3, 0, 0]),
      (["mode": "edge"], [1, 2, 3, 3, 3, 3, 3]),
      (["mode": "edge", "pad": "start"], [1, 1, 1, 1, 1, 2, 3]),
      // numpy.pad([1, 2, 3], (2, 2), mode)
      (["mode": "reflect", "pad": "both"], [3, 2, 1, 2, 3, 2, 1]),
      (["mode": "wrap", "pad": "both"], [2, 3, 1, 2, 3, 1, 2]),
      // numpy.pad([1, 2, 3], (0, 4), mode)
      (["mode": "reflect"], [1, 2, 3, 2, 1, 2, 3]),
      (["mode": "wrap"], [1, 2, 3, 1, 2, 3, 1]),
    ] as [([String: String], [Float])]) func shortClipsArePadded(fields: [String: String], expected: [Float]) throws
  {
    #expect(try fit(fields, [1, 2, 3], to: 7) == expected)
  }

  @Test(
    arguments: [
      ([:], [1, 2]), (["cut": "start"], [4, 5]), (["cut": "both"], [2, 3]),
    ] as [([String: String], [Float])]) func longClipsAreCut(fields: [String: String], expected: [Float]) throws
  {
    #expect(try fit(fields, [1, 2, 3, 4, 5], to: 2) == expected)
  }

  @Test(arguments: ["constant", "edge", "reflect", "wrap"]) func oneSampleAndNone(mode: String) throws {
    #expect(try fit(["mode": mode], [2], to: 3) == (mode == "constant" ? [2, 0, 0] : [2, 2, 2]))
    #expect(try fit(["mode": mode], [], to: 2) == [0, 0])
  }
}
