import CKernels
import Foundation

/// Changes the sampling rate by any real factor, by interpolation with a windowed sinc (J. O. Smith, "Digital Audio Resampling"):
///
///     y[k] = Σ over i of x[i] h(i - k / ratio),    h(t) = c sinc(c t) kaiser(c t / 32),    c = 0.91 min(1, ratio)
///
/// with β = 9.6: flat up to 81% of the lower half rate, 95 dB down from all of it. `Resampler` serves rates whose ratio
/// is a fraction of small numbers, as torchaudio defines it.
enum FractionalResampler {
  private static let (crossings, rolloff, beta) = (32, 0.91, 9.6)
  /// Weights are tabulated at so many places between two samples, and interpolated between them.
  private static let phases = 256
  /// Places between two zero crossings in the prototype.
  private static let density = 512

  /// sinc(t) kaiser(t / 32) for t = 0, 1/512, ..., 32, and a zero behind it.
  private static let prototype: [Double] = {
    let largest = bessel(beta)
    return (0...crossings * density).map { index in
      let t = Double(index) / Double(density)
      let place = t / Double(crossings)
      let window = bessel(beta * max(0, 1 - place * place).squareRoot()) / largest
      return (t == 0 ? 1 : sin(.pi * t) / (.pi * t)) * window
    } + [0]
  }()

  /// The first `count` samples at `ratio` times the rate, zeros behind the ceil(n · ratio) that there are.
  static func resampled(_ samples: [Float], ratio: Double, count: Int) -> [Float] {
    let cutoff = rolloff * min(1, ratio)
    let reach = Int((Double(crossings) / cutoff).rounded(.up))
    let taps = (2 * reach + 15) / 16 * 16
    let made = min(count, Int((Double(samples.count) * ratio).rounded(.up)))
    let table = table(cutoff: cutoff, reach: reach, taps: taps)
    let last = Int(Double(max(0, made - 1)) / ratio)
    var padded = [Float](repeating: 0, count: reach - 1)
    padded.reserveCapacity(samples.count + 2 * taps)
    padded += samples
    padded += [Float](repeating: 0, count: max(0, last + taps + 1 - padded.count))
    return [Float](unsafeUninitializedCapacity: count) { output, filled in
      output.initialize(repeating: 0)
      augment_interpolate(output.baseAddress, made, padded, 1 / ratio, table, taps, phases)
      filled = count
    }
  }

  /// Row p holds the weights of the samples 1 - reach, ..., taps - reach around a position p / phases behind sample 0.
  private static func table(cutoff: Double, reach: Int, taps: Int) -> [Float] {
    var table: [Float] = []
    table.reserveCapacity((phases + 2) * taps)
    // One row more than there are phases, as the interpolation reads the next one.
    for phase in 0...phases + 1 {
      let fraction = Double(phase) / Double(phases)
      for tap in 0..<taps {
        let place = abs(Double(tap + 1 - reach) - fraction) * cutoff * Double(density)
        guard place < Double(crossings * density) else {
          table.append(0)
          continue
        }
        let index = Int(place)
        let share = place - Double(index)
        table.append(Float(cutoff * (prototype[index] + share * (prototype[index + 1] - prototype[index]))))
      }
    }
    return table
  }

  /// The modified Bessel function of the first kind, I₀, by its series.
  private static func bessel(_ x: Double) -> Double {
    var (sum, term, index) = (1.0, 1.0, 1.0)
    while term > 1e-17 * sum {
      term *= (x / 2 / index) * (x / 2 / index)
      sum += term
      index += 1
    }
    return sum
  }
}
