import Audio
import Foundation
import Testing

/// Power spectra of 16 frames at a time against the definition, for every way in which stages can follow each other.
@Suite struct FrameTransformTests {
  @Test(arguments: [16, 32, 64, 128, 256, 512, 1024, 2048], [1, 15, 16, 17, 40])
  func powerIsThatOfTheDefinition(length: Int, frames: Int) {
    let hop = length / 4 + 1
    let samples = (0..<(frames - 1) * hop + 1).map { Float(sin(Double($0 * $0 % 977))) }
    let spectrogram = PowerSpectrogram(length: length, hop: hop, padding: .constant)
    let (power, magnitudes) = (spectrogram(samples), spectrogram.magnitudes(samples))
    #expect(power.frames == frames && power.rows == length / 2 + 1)
    let padded = [Float](repeating: 0, count: length / 2) + samples + [Float](repeating: 0, count: length)
    for frame in Set([0, frames / 2, frames - 1]) {
      let windowed = (0..<length).map { index in
        Double(padded[frame * hop + index]) * (0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(length)))
      }
      let expected = (0...length / 2).map { bin -> Double in
        var (re, im) = (0.0, 0.0)
        for (index, value) in windowed.enumerated() {
          let angle = 2 * .pi * Double(bin * index % length) / Double(length)
          re += value * cos(angle)
          im += value * sin(angle)
        }
        return re * re + im * im
      }
      let largest = expected.max() ?? 0
      for (bin, value) in expected.enumerated() {
        #expect(abs(Double(power.values[bin * frames + frame]) - value) < 1e-6 * largest)
        #expect(
          abs(Double(magnitudes.values[bin * frames + frame]) - value.squareRoot()) < 1e-6 * value.squareRoot() + 1e-9)
      }
    }
  }

  /// Which frames stand beside a frame must not matter.
  @Test(arguments: [256, 512, 400])
  func bitsOfAFrameAreItsOwn(length: Int) throws {
    let sound = try Fixture.voice()
    let spectrogram = PowerSpectrogram(length: length, hop: 160, padding: .constant)
    let (whole, later) = (spectrogram(sound), spectrogram(Array(sound[(3 * 160)...])))
    for bin in stride(from: 0, to: whole.rows, by: 7) {
      #expect(Array(whole.row(bin))[10...] == Array(later.row(bin))[7...])
    }
  }
}
