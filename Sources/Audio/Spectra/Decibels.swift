import CKernels
import Foundation

/// Logarithms of power, and the cosine transform that makes cepstra of them.
public enum Decibels {
  /// What 0 dB stands for.
  public enum Reference: Hashable, Sendable {
    case value(Double)
    /// The largest value of the matrix.
    case maximum
  }

  /// 10 log10(max(x, amin)) - 10 log10(max(ref, amin)), raised to at least its maximum - `topDecibels` (librosa's `power_to_db`).
  public static func power(
    _ values: inout [Float], reference: Reference, floor amin: Double, topDecibels: Double?
  ) {
    guard !values.isEmpty else { return }
    let smallest = max(Float(amin), .leastNormalMagnitude)
    values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var (low, high): (Float, Float) = (0, 0)
      audio_range(base, buffer.count, &low, &high)
      audio_scaled_log2(base, base, buffer.count, 0, smallest, Float(10 * log10(2.0)))
      let zero: Double
      switch reference {
      case .value(let value): zero = 10 * log10(max(amin, abs(value)))
      case .maximum: zero = 10 * log10(max(amin, Double(high)))
      }
      // The largest of the logarithms, as rounded there.
      audio_range(base, buffer.count, &low, &high)
      let floor = topDecibels.map { high - Float(zero) - Float($0) } ?? -.infinity
      let shift = Float(zero)
      for index in buffer.indices { base[index] = max(base[index] - shift, floor) }
    }
  }

  /// The same of values in tiles.
  public static func power(
    _ tiled: inout TiledFrames, reference: Reference, floor amin: Double, topDecibels: Double?
  ) {
    // Values that repeat the last frame change no maximum.
    power(&tiled.values, reference: reference, floor: amin, topDecibels: topDecibels)
  }

  /// ln(x + offset) for x >= 0.
  public static func naturalLogarithm(_ values: inout [Float], offset: Double) {
    values.withUnsafeMutableBufferPointer { buffer in
      audio_scaled_log2(
        buffer.baseAddress, buffer.baseAddress, buffer.count, Float(offset), .leastNormalMagnitude, Float(log(2.0)))
    }
  }

  /// The first `coefficients` rows of the orthonormal cosine transform of `count` values (DCT-II):
  /// row k is sqrt(2 / n) cos(π k (i + 1/2) / n), row 0 sqrt(1 / n).
  public static func cosineTransform(coefficients: Int, of count: Int) -> BandedMatrix {
    let rows = (0..<coefficients).map { k -> [Float] in
      let scale = ((k == 0 ? 1.0 : 2.0) / Double(count)).squareRoot()
      return (0..<count).map { Float(scale * cos(.pi * Double(k) * (Double($0) + 0.5) / Double(count))) }
    }
    return BandedMatrix(rows, columns: count)
  }
}
