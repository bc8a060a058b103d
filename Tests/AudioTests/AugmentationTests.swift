import Audio
import Foundation
import Testing

@Suite struct AugmentationTests {
  private let input: [Float]

  init() throws { input = try Fixture.floats("augment_input.f32") }

  @Test("a stretched sound is librosa's", arguments: ["0.8", "1", "1.25", "2.9"])
  func timeStretch(rate: String) throws {
    let expected = try Fixture.floats("time_stretch_\(rate).f32")
    let stretched = TimeStretch.stretched(input, rate: try #require(Double(rate)))
    #expect(largestDifference(stretched, expected) < 2e-5)
  }

  /// librosa resamples by soxr, whose filter differs beyond 80% of the band.
  @Test("a sound of another pitch is librosa's", arguments: ["-4", "2.5", "4"])
  func pitchShift(semitones: String) throws {
    let expected = try Fixture.floats("pitch_shift_\(semitones).f32")
    let shifted = PitchShift.shifted(input, semitones: try #require(Double(semitones)))
    #expect(largestDifference(shifted, expected) < 2e-4)
  }

  @Test("an octave doubles the crossings of a tone", arguments: [(12.0, 2.0), (-12, 0.5), (7, 1.498307)])
  func pitchOfATone(semitones: Double, factor: Double) {
    let tone = (0..<32000).map { Float(sin(2 * .pi * 440 * Double($0) / 16000)) }
    let shifted = PitchShift.shifted(tone, semitones: semitones)
    #expect(shifted.count == tone.count)
    let crossings = zip(shifted[4000..<28000], shifted[4001..<28001]).count { $0 < 0 && $1 >= 0 }
    #expect(abs(Double(crossings) - 440 * factor * 1.5) <= 2)
    #expect(abs((shifted[8000..<24000].max() ?? 0) - 1) < 0.05)
  }

  @Test("sounds of a few samples and silence stretch without a trap", arguments: [0, 1, 2, 511, 513, 2049])
  func shortSounds(count: Int) {
    let sound = [Float](repeating: 0.5, count: count)
    for rate in [0.1, 0.77, 1.3, 10] {
      let stretched = TimeStretch.stretched(sound, rate: rate)
      #expect(stretched.count == (count == 0 ? 0 : max(1, Int((Double(count) / rate).rounded(.toNearestOrEven)))))
      #expect(stretched.allSatisfy { $0.isFinite })
    }
    for semitones in [-24, -3.3, 0, 24] {
      let shifted = PitchShift.shifted(sound, semitones: semitones)
      #expect(shifted.count == count && shifted.allSatisfy { $0.isFinite })
    }
    #expect(TimeStretch.stretched([Float](repeating: 0, count: count), rate: 1.1).allSatisfy { $0 == 0 })
  }

  @Test func shiftingFillsWithZerosOrRolls() {
    let sound: [Float] = [1, 2, 3, 4]
    #expect(TimeShift.shifted(sound, by: 1, fill: .zeros) == [0, 1, 2, 3])
    #expect(TimeShift.shifted(sound, by: -3, fill: .zeros) == [4, 0, 0, 0])
    #expect(TimeShift.shifted(sound, by: 9, fill: .zeros) == [0, 0, 0, 0])
    #expect(TimeShift.shifted(sound, by: 1, fill: .roll) == [4, 1, 2, 3])
    #expect(TimeShift.shifted(sound, by: -1, fill: .roll) == [2, 3, 4, 1])
    #expect(TimeShift.shifted(sound, by: -6, fill: .roll) == [3, 4, 1, 2])
    #expect(TimeShift.shifted([], by: 1, fill: .roll).isEmpty)
  }

  @Test("noise has the level that is asked for", arguments: [-10.0, 0, 20])
  func noiseLevel(snr: Double) {
    var draws = Draws(Numbers(seed: 3))
    var noisy = input
    Noise.add(to: &noisy, deviation: Noise.deviation(snr: snr, of: input), using: &draws)
    let noise = zip(noisy, input).map { Double($0 - $1) }
    let power = noise.reduce(0) { $0 + $1 * $1 }
    let signal = input.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(10 * log10(signal / power) - snr) < 0.15)
    #expect(Noise.deviation(snr: snr, of: [0, 0]) == 0)
    #expect(abs(Noise.standardDeviation(of: [1, 2, 3, 4]) - 1.2909944) < 1e-6)
  }
}

/// The distributions that augmentation draws from, with fixed numbers.
@Suite struct DrawsTests {
  @Test func normalsAreNormal() {
    var draws = Draws(Numbers(seed: 1))
    let values = draws.normals(200_001).map(Double.init)
    #expect(values.count == 200_001 && values.allSatisfy { $0.isFinite })
    let mean = values.reduce(0, +) / Double(values.count)
    func moment(_ power: Double) -> Double { values.reduce(0) { $0 + pow($1 - mean, power) } / Double(values.count) }
    #expect(abs(mean) < 0.01 && abs(moment(2) - 1) < 0.02 && abs(moment(3)) < 0.05 && abs(moment(4) - 3) < 0.1)
    // Neighbours come from one pair of numbers, and are independent all the same.
    let product = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(values.count)
    #expect(abs(product) < 0.01)
    let quantiles = [(-1.2815516, 0.1), (-0.5244005, 0.3), (0, 0.5), (0.5244005, 0.7), (2.3263479, 0.99)]
    for (bound, share) in quantiles {
      #expect(abs(Double(values.count { $0 < bound }) / Double(values.count) - share) < 0.005)
    }
  }

  @Test func uniformsAndIntegersFillTheirRange() {
    var draws = Draws(Numbers(seed: 2))
    let values = (0..<20_000).map { _ in draws.uniform(in: -4...4) }
    #expect(values.allSatisfy { (-4...4).contains($0) })
    #expect(abs(values.reduce(0, +) / 20_000) < 0.05)
    #expect(abs((values.max() ?? 0) - 4) < 0.01 && abs((values.min() ?? 0) + 4) < 0.01)
    var counts = [0, 0, 0, 0]
    for _ in 0..<20_000 { counts[draws.integer(upTo: 3)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 5000) < 300 })
    #expect(draws.uniform(in: 2...2) == 2 && draws.integer(upTo: 0) == 0)
    #expect(!draws.happens(0) && draws.happens(1))
  }

  @Test("Beta(α, α) has its mean and variance", arguments: [0.1, 0.4, 1, 3])
  func beta(alpha: Double) {
    var draws = Draws(Numbers(seed: 4))
    let values = (0..<20_000).map { _ in draws.beta(alpha) }
    #expect(values.allSatisfy { (0...1).contains($0) })
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean - 0.5) < 0.012)
    #expect(abs(variance - 1 / (4 * (2 * alpha + 1))) < 0.004)
  }

  @Test func masksAreBandsAsWideAsAllowed() {
    let (height, width) = (20, 50)
    var draws = Draws(Numbers(seed: 5))
    let masks = SpectrogramMasks(rows: (4, 1), columns: (30, 1), columnShare: 0.2, fill: .zero)
    var (rowWidths, columnWidths): (Set<Int>, Set<Int>) = ([], [])
    for _ in 0..<400 {
      var values = [Float](repeating: 1, count: height * width)
      values.withUnsafeMutableBufferPointer { masks.apply(to: $0, height: height, width: width, using: &draws) }
      let rows = (0..<height).map { row in (0..<width).allSatisfy { values[row * width + $0] == 0 } }
      let columns = (0..<width).map { column in (0..<height).allSatisfy { values[$0 * width + column] == 0 } }
      rowWidths.insert(rows.count { $0 })
      columnWidths.insert(columns.count { $0 })
      #expect(rows.split(separator: false).count <= 1 && columns.split(separator: false).count <= 1)
      let masked = values.count { $0 == 0 }
      let (r, c) = (rows.count { $0 }, columns.count { $0 })
      #expect(masked == r * width + c * height - r * c)
    }
    #expect(rowWidths == Set(0...4) && columnWidths == Set(0...10))
  }

  @Test func masksOfTheMeanKeepIt() {
    var draws = Draws(Numbers(seed: 6))
    var values = (0..<60).map { Float($0) }
    let masks = SpectrogramMasks(rows: (6, 3), columns: (10, 0), columnShare: 1, fill: .mean)
    values.withUnsafeMutableBufferPointer { masks.apply(to: $0, height: 6, width: 10, using: &draws) }
    #expect(zip(values, 0...).allSatisfy { $0 == Float($1) || $0 == 29.5 })
    #expect(values.contains(29.5))
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
