import Audio
import Foundation
import Testing

/// Power spectra of 16 frames at a time against the definition, for every way in which stages can follow each other.
@Suite struct FrameTransformTests {
  @Test(arguments: [16, 32, 64, 128, 256, 512, 1024, 2048], [1, 16, 19])
  func powerIsThatOfTheDefinition(length: Int, frames: Int) {
    let hop = length / 4 + 1
    let samples = (0..<(frames - 1) * hop + 1).map { Float(sin(Double($0 * $0 % 977 + 1))) }
    let spectrogram = PowerSpectrogram(length: length, hop: hop, padding: .constant)
    let (power, magnitudes) = (spectrogram(samples).matrix, spectrogram.magnitudes(samples))
    #expect(power.frames == frames && power.rows == length / 2 + 1)
    let padded = [Float](repeating: 0, count: length / 2) + samples + [Float](repeating: 0, count: length)
    for frame in [0, frames - 1] {
      let windowed = (0..<length).map { index in
        Double(padded[frame * hop + index]) * (0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(length)))
      }
      let largest = (0..<power.rows).map { Double(power.values[$0 * frames + frame]) }.max() ?? 0
      // All bins of short frames; of long ones some, with the ends.
      for bin in Set(stride(from: 0, through: length / 2, by: max(1, length / 40)) + [length / 2]) {
        var (re, im) = (0.0, 0.0)
        for (index, value) in windowed.enumerated() {
          let angle = 2 * .pi * Double(bin * index % length) / Double(length)
          re += value * cos(angle)
          im += value * sin(angle)
        }
        let expected = re * re + im * im
        #expect(abs(Double(power.values[bin * frames + frame]) - expected) <= 1e-6 * largest)
        let magnitude = Double(magnitudes.values[bin * frames + frame])
        #expect(abs(magnitude - expected.squareRoot()) < 1e-6 * expected.squareRoot() + 1e-9)
      }
    }
  }

  /// Which frames stand beside a frame must not matter.
  @Test(arguments: [256, 512, 400])
  func bitsOfAFrameAreItsOwn(length: Int) throws {
    let sound = try Fixture.voice()
    let spectrogram = PowerSpectrogram(length: length, hop: 160, padding: .constant)
    let (whole, later) = (spectrogram(sound).matrix, spectrogram(Array(sound[(3 * 160)...])).matrix)
    for bin in stride(from: 0, to: whole.rows, by: 7) {
      #expect(Array(whole.row(bin))[10...] == Array(later.row(bin))[7...])
    }
  }

  /// What stands beyond the ends is made for the first and last frames alone, and must be what padding of the whole sound gives.
  @Test(arguments: [PowerSpectrogram.Padding.constant, .reflect], [257, 600, 2000])
  func endsAreThoseOfAPaddedSound(padding: PowerSpectrogram.Padding, count: Int) {
    let (length, margin) = (512, 256)
    let samples = (0..<count).map { Float(sin(Double($0 * $0 % 977 + 1))) }
    let beyond = (0..<margin).map { padding == .reflect ? samples[margin - $0] : 0 }
    let behind = (0..<margin).map { padding == .reflect ? samples[count - 2 - $0] : 0 }
    let power = PowerSpectrogram(length: length, hop: 64, padding: padding)(samples).matrix
    // The padded sound, so placed that its frames lie inside of it.
    let zeros = [Float](repeating: 0, count: 5 * 64)
    let inside = PowerSpectrogram(length: length, hop: 64, padding: .constant)(
      zeros + beyond + samples + behind + zeros
    ).matrix
    for bin in stride(from: 0, to: power.rows, by: 9) {
      #expect(power.row(bin).elementsEqual(Array(inside.row(bin))[9..<(9 + power.frames)]), "\(bin)")
    }
  }
}
