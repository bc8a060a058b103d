import Audio
import Testing

@Suite struct ResamplerTests {
  @Test(arguments: [
    (48000, 16000), (44100, 16000), (22050, 16000), (8000, 16000), (16000, 11025), (16000, 16001),
  ])
  func samplesAreThoseOfTorchaudio(from: Int, to: Int) throws {
    let input = Array(try Fixture.voice()[3000..<4000])
    let output = Resampler.between(from, to).apply(input)
    #expect(largestDifference(output, try Fixture.floats("resample_\(from)_\(to).f32")) < 1e-6)
  }

  @Test func sameRateChangesNothing() throws {
    let input = try Fixture.voice()
    #expect(Resampler.between(16000, 16000).apply(input) == input)
  }

  @Test(arguments: [0, 1, 2, 3, 100])
  func lengthIsRoundedUp(count: Int) {
    #expect(Resampler.between(48000, 16000).apply([Float](repeating: 1, count: count)).count == (count + 2) / 3)
  }
}
