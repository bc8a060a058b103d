import Audio
import Foundation

/// A log-mel spectrogram for the eye: 80 bands on Slaney's scale, in dB below its largest value.
struct LogMelImage {
  /// Decibels from the darkest to the lightest colour.
  static let range = 80.0
  private static let bands = 80
  /// Columns that a picture needs at most.
  private static let mostColumns = 360

  let width: Int
  let height: Int
  /// 0 to 1 from `range` dB below the largest value to that; row after row, the highest band first.
  let values: [Double]
  /// The highest frequency in Hz.
  let highest: Double

  /// - Parameter highest: in Hz; half of the rate where that is less.
  init(_ samples: [Float], rate: Int, highest: Double) {
    // At least 25 ms, and 10 ms from one frame to the next unless the clip is long.
    var length = 64
    while length < rate / 40 { length *= 2 }
    let hop = max(1, rate / 100, samples.count / Self.mostColumns)
    let spectrogram = PowerSpectrogram(length: length, hop: hop, padding: .constant)
    let bank = MelFilterBank(
      sampleRate: rate, length: length, bands: Self.bands, lowest: 0, highest: min(highest, Double(rate) / 2),
      scale: .slaney, areaNormalized: true)
    let mel = bank.matrix.multiply(spectrogram(samples)).matrix
    let most = max(Double(mel.values.max() ?? 0), 1e-20)
    width = mel.frames
    height = mel.rows
    self.highest = bank.highest
    values = (0..<mel.rows).reversed().flatMap { row in
      mel.row(row).map { value in
        let decibels = 10 * log10(max(Double(value), 1e-20) / most)
        return min(1, max(0, 1 + decibels / Self.range))
      }
    }
  }

  /// Where a frequency lies, from 0 at the bottom to 1 at the top.
  func place(of hertz: Double) -> Double {
    MelFilterBank.Scale.slaney.mel(hertz) / MelFilterBank.Scale.slaney.mel(highest)
  }

  /// The picture in the colours of `ColourScale`.
  var png: [UInt8] {
    PNGImage(
      width: width, height: height, palette: Self.palette, pixels: values.map { UInt8(($0 * 255).rounded()) }
    ).bytes
  }

  private static let palette = (0..<256).map { PNGImage.colour(ColourScale.colour(Double($0) / 255)) }
}
