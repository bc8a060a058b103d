import Audio
import Testing

@Suite struct NormalizationTests {
  @Test func zScoreIsTorchs() throws {
    var samples = try Fixture.voice()
    Normalization.zScore(&samples)
    #expect(largestDifference(Array(samples[3000..<4000]), try Fixture.floats("z_score.f32")) < 1e-6)
  }

  @Test func deviationIsUnbiased() {
    var samples: [Float] = [1, 2, 3, 4]
    Normalization.zScore(&samples)
    // The squared distances 2.25, 0.25, 0.25, 2.25 over n - 1 = 3.
    #expect(abs(samples[3] - 1.5 / (5.0 / 3).squareRoot()) < 1e-6)
  }

  @Test func flatSoundIsOnlyCentred() {
    var samples: [Float] = [0.5, 0.5, 0.5 + 5e-7]
    Normalization.zScore(&samples)
    #expect(samples.allSatisfy { abs($0) < 1e-6 })
    var one: [Float] = [3]
    Normalization.zScore(&one)
    #expect(one == [0])
  }

  @Test func minMaxReachesBothEnds() {
    var values = (0..<100).map { Float($0 * 37 % 100) - 20 }
    Normalization.minMax(&values)
    #expect(values.min() == 0 && values.max() == 1)
    var flat: [Float] = [4, 4, 4]
    Normalization.minMax(&flat)
    #expect(flat == [0, 0, 0])
  }

  @Test func monoIsTheMean() {
    #expect(Normalization.mono([[1, 2], [3, 5]]) == [2, 3.5])
  }
}
