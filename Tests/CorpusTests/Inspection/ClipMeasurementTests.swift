import Audio
import Corpus
import Foundation
import Testing

@Suite struct ClipMeasurementTests {
  private func measure(_ channels: [Float]..., rate: Int = 16_000) -> ClipMeasurement {
    ClipMeasurement(Clip(channels: channels, rate: rate), format: nil)
  }

  @Test("level, peak and mean by formula")
  func moments() {
    let sine = (0..<16_000).map { Float(0.5 * sin(2 * .pi * 100 * Double($0) / 16_000)) }
    let sound = measure(sine)
    #expect(abs(sound.rms - 0.5 / 2.0.squareRoot()) < 1e-6)
    #expect(abs(sound.level - -9.0309) < 1e-3)
    #expect(abs(sound.peak - 0.5) < 1e-6 && abs(sound.offset) < 1e-6)
    #expect(sound.seconds == 1 && sound.rate == 16_000 && sound.channels == 1)
    let shifted = measure(sine, sine.map { $0 - 0.25 })
    #expect(abs(shifted.offset - -0.25) < 1e-5, "the channel that is furthest from zero")
    #expect(abs(shifted.rms - ((0.125 + 0.125 + 0.0625) / 2).squareRoot()) < 1e-5)
  }

  @Test("only runs at full scale count as clipped")
  func clipping() {
    let full = Float(32_767) / 32_768
    var samples = [Float](repeating: 0.1, count: 1000)
    #expect(measure(samples).clippedShare == 0)
    for index in [10, 20, 21, 30] { samples[index] = full }
    #expect(measure(samples).clippedShare == 0, "peaks that reach it by themselves or by two")
    for index in 100..<110 { samples[index] = full }
    #expect(measure(samples).clippedShare == 0.01)
    for index in 200..<205 { samples[index] = -1 }
    #expect(measure(samples).clippedShare == 0.015)
    // Full scale up and down in turn is loud, not clipped.
    for index in 300..<320 { samples[index] = index % 2 == 0 ? full : -1 }
    #expect(measure(samples).clippedShare == 0.015)
    for index in 995..<1000 { samples[index] = 1.5 }
    #expect(measure(samples).clippedShare == 0.02, "a run at the end, beyond full scale")
  }

  @Test("the digest tells samples, channels and rate apart, and nothing else")
  func digest() {
    let a: [Float] = [0.1, 0.2, 0.3, 0.4]
    #expect(measure(a).digest == measure(a).digest)
    #expect(measure(a).digest.count == 64)
    let others = [
      measure([0.1, 0.2, 0.3, 0.5]), measure(a, rate: 8000), measure([0.1, 0.2], [0.3, 0.4]), measure(a + [0]),
    ]
    #expect(Set(others.map(\.digest) + [measure(a).digest]).count == 5)
  }

  @Test("quantiles are NumPy's", arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 3.0), (0.9, 8.2), (1.0, 10.0)])
  func quantiles(share: Double, expected: Double) throws {
    // numpy.quantile([1, 2, 4, 10], share)
    let value = try #require(Quantiles.value(share, [1, 2, 4, 10]))
    #expect(abs(value - expected) < 1e-12)
    #expect(Quantiles.value(share, []) == nil)
    #expect(Quantiles.value(share, [7]) == 7)
  }
}
