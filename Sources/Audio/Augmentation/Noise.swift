import CKernels
import Foundation

/// White Gaussian noise.
public enum Noise {
  /// Adds noise of the standard deviation `deviation` to `samples`.
  public static func add(to samples: inout [Float], deviation: Double, using draws: inout Draws) {
    let noise = draws.normals(samples.count)
    samples.withUnsafeMutableBufferPointer {
      augment_add_scaled($0.baseAddress, $0.baseAddress, noise, $0.count, Float(deviation))
    }
  }

  /// The deviation of noise that lies `snr` dB below `samples`: sqrt(mean(x²)) / 10^(snr / 20).
  public static func deviation(snr: Double, of samples: [Float]) -> Double {
    guard !samples.isEmpty else { return 0 }
    return (Double(audio_sum_of_squares(samples, samples.count)) / Double(samples.count)).squareRoot()
      / pow(10, snr / 20)
  }

  /// The standard deviation of `samples`, sqrt(Σ(x - mean)² / (n - 1)); 0 where there are fewer than two.
  public static func standardDeviation(of samples: [Float]) -> Double {
    guard samples.count > 1 else { return 0 }
    var (mean, squares) = (0.0, 0.0)
    audio_moments(samples, samples.count, &mean, &squares)
    return (squares / Double(samples.count - 1)).squareRoot()
  }
}
