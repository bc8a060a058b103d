import CKernels

/// Scaling of whole clips and matrices.
public enum Normalization {
  /// Subtracts the mean and divides by the unbiased standard deviation, sqrt(Σ(x - mean)² / (n - 1)); where that is at most 1e-6,
  /// or there is one sample, only the mean is subtracted.
  public static func zScore(_ samples: inout [Float]) { zScore(&samples, rows: 1) }

  /// The same for each of `rows` stretches of equal length.
  public static func zScore(_ values: inout [Float], rows: Int) {
    guard !values.isEmpty else { return }
    let count = values.count / rows
    values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<rows {
        let start = base + row * count
        var (mean, squares) = (0.0, 0.0)
        audio_moments(start, count, &mean, &squares)
        let deviation = count > 1 ? (squares / Double(count - 1)).squareRoot() : 0
        audio_shift_divide(start, start, count, Float(mean), deviation > 1e-6 ? Float(deviation) : 1)
      }
    }
  }

  /// Maps the smallest value to 0 and the largest to 1; all zeros where they are the same.
  public static func minMax(_ values: inout [Float]) {
    guard !values.isEmpty else { return }
    values.withUnsafeMutableBufferPointer { buffer in
      var (low, high): (Float, Float) = (0, 0)
      audio_range(buffer.baseAddress, buffer.count, &low, &high)
      audio_shift_divide(buffer.baseAddress, buffer.baseAddress, buffer.count, low, high > low ? high - low : 1)
    }
  }

  /// The mean over the channels.
  public static func mono(_ channels: [[Float]]) -> [Float] {
    guard var sum = channels.first, channels.count > 1 else { return channels.first ?? [] }
    for channel in channels.dropFirst() {
      for index in sum.indices { sum[index] += channel[index] }
    }
    let count = Float(channels.count)
    for index in sum.indices { sum[index] /= count }
    return sum
  }
}
