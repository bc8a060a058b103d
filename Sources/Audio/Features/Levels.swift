import CKernels
import Foundation

/// Changes of a whole channel's level and tilt.
public enum Levels {
  /// y[i] = x[i] - coefficient x[i-1], where the sample before the first continues the line through the first two:
  /// y[0] = x[0] + (2 x[0] - x[1]), as librosa's `effects.preemphasis` starts its filter.
  public static func preEmphasis(_ samples: [Float], coefficient: Double) -> [Float] {
    guard let first = samples.first else { return [] }
    let weight = Float(coefficient)
    let start = 2 * first - (samples.count > 1 ? samples[1] : first)
    return [Float](unsafeUninitializedCapacity: samples.count) { output, filled in
      output.initializeElement(at: 0, to: first + start)
      for index in samples.indices.dropFirst() {
        output.initializeElement(at: index, to: samples[index] - weight * samples[index - 1])
      }
      filled = samples.count
    }
  }

  /// Scales so that the largest magnitude is `peak`; silence stays silence.
  public static func peakNormalize(_ samples: inout [Float], peak: Double) {
    guard !samples.isEmpty else { return }
    var (low, high): (Float, Float) = (0, 0)
    audio_range(samples, samples.count, &low, &high)
    scale(&samples, to: peak, from: Double(max(abs(low), abs(high))))
  }

  /// Scales so that the root of the mean square is `decibels` below (if negative) a full scale of 1; silence stays silence.
  public static func rmsNormalize(_ samples: inout [Float], decibels: Double) {
    guard !samples.isEmpty else { return }
    let squares = samples.reduce(0) { $0 + Double($1) * Double($1) }
    scale(&samples, to: pow(10, decibels / 20), from: (squares / Double(samples.count)).squareRoot())
  }

  private static func scale(_ samples: inout [Float], to target: Double, from level: Double) {
    guard level >= Double(Float.leastNormalMagnitude) else { return }
    let factor = Float(target / level)
    for index in samples.indices { samples[index] *= factor }
  }
}
