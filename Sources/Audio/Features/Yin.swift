/// The fundamental frequency of each frame by YIN (de Cheveigné and Kawahara 2002), as librosa's `yin`.
///
/// With the frame's autocorrelation r and the energy e(k) of its first k samples, d(k) = 2 (r(0) - r(k)) - e(k) is divided by its mean
/// over 1...k. The period is the first local minimum below the threshold, else the smallest value, refined by a parabola through
/// its neighbours.
public struct Yin: Hashable, Sendable {
  public let sampleRate: Int
  public let lowest: Double
  public let highest: Double
  public let length: Int
  public let hop: Int
  public let threshold: Double

  /// Pitches from `lowest` to `highest` Hz in frames of `length` samples, `hop` samples apart, which must hold more than a
  /// period of `lowest`; `highest` is at most half the rate.
  public init(
    sampleRate: Int, lowest: Double, highest: Double, length: Int = 2048, hop: Int = 512, threshold: Double = 0.1
  ) {
    precondition(lowest > 0 && lowest < highest && highest <= Double(sampleRate) / 2, "no such range of pitches")
    precondition(Double(sampleRate) / lowest < Double(length - 1), "the frame is too short for the lowest pitch")
    (self.sampleRate, self.lowest, self.highest) = (sampleRate, lowest, highest)
    (self.length, self.hop, self.threshold) = (length, hop, threshold)
  }

  private var shortestPeriod: Int { Int(Double(sampleRate) / highest) }
  private var longestPeriod: Int { min(Int((Double(sampleRate) / lowest).rounded(.up)), length - 1) }

  /// The pitches in Hz, [1, frames]. Every frame has one; where there is no voice it means nothing.
  public func callAsFunction(_ samples: [Float]) -> FeatureMatrix {
    let count = FramedSignal(length: length, hop: hop).frames(samples: samples.count)
    // Twice the frame, so that the circular correlation is the linear one; a power of two, which is fast.
    var size = 2
    while size < 2 * length { size *= 2 }
    let transform = RealTransform.of(length: size)
    let (time, spectrum) = (AlignedFloats(count: size), AlignedFloats(count: 2 * transform.bins))
    var frame = [Float](repeating: 0, count: length)
    return FeatureMatrix(rows: 1, frames: count) { output in
      for index in 0..<count {
        let start = index * hop - length / 2
        for i in 0..<length {
          let position = start + i
          frame[i] = position >= 0 && position < samples.count ? samples[position] : 0
        }
        for i in 0..<size { time.base[i] = i < length ? frame[i] : 0 }
        transform.run(time.base, to: spectrum.base)
        // Power is real and even, so that its transform is the inverse one but for the factor.
        for bin in 0..<transform.bins {
          let (re, im) = (spectrum.base[2 * bin], spectrum.base[2 * bin + 1])
          time.base[bin] = re * re + im * im
        }
        for bin in transform.bins..<size { time.base[bin] = time.base[size - bin] }
        transform.run(time.base, to: spectrum.base)
        output[index] = pitch(of: frame) { Double(spectrum.base[2 * $0]) / Double(size) }
      }
    }
  }

  private func pitch(of frame: [Float], correlation: (Int) -> Double) -> Float {
    let (first, last) = (shortestPeriod, longestPeriod)
    var normalized = [Double](repeating: 0, count: last - first + 1)
    var (energy, sum) = (0.0, 0.0)
    let whole = correlation(0)
    for lag in 1...last {
      energy += Double(frame[lag - 1]) * Double(frame[lag - 1])
      let difference = 2 * (whole - correlation(lag)) - energy
      sum += difference
      if lag >= first {
        normalized[lag - first] = difference / (sum / Double(lag) + Double(Float.leastNormalMagnitude))
      }
    }
    let index = period(normalized)
    let shift = index > 0 && index < normalized.count - 1 ? Self.vertex(normalized, index) : 0
    return Float(Double(sampleRate) / (Double(first + index) + shift))
  }

  /// The first trough below the threshold, else the smallest value.
  private func period(_ values: [Double]) -> Int {
    var smallest = 0
    for index in values.indices {
      let falls = index == 0 || values[index] < values[index - 1]
      let rises =
        index == values.count - 1 || (index == 0 ? values[0] < values[1] : values[index] <= values[index + 1])
      if falls && rises && values[index] < threshold { return index }
      if values[index] < values[smallest] { smallest = index }
    }
    return smallest
  }

  /// Where the parabola through three values has its vertex; 0 where that is more than a step away.
  private static func vertex(_ values: [Double], _ index: Int) -> Double {
    let curvature = values[index + 1] + values[index - 1] - 2 * values[index]
    let slope = (values[index + 1] - values[index - 1]) / 2
    return abs(slope) >= abs(curvature) ? 0 : -slope / curvature
  }
}
