import Foundation

/// How far peaks stand out of valleys in octave bands: librosa's `spectral_contrast` (Jiang, Lu, Zhang, Tao, Cai 2002).
///
/// Band 0 is 0 to `lowest` Hz, band k the octave above `lowest` 2^(k-1), the last one all above. In each band, the mean of the
/// largest magnitudes minus the mean of the smallest ones, a `quantile` of the bins each, in decibels or linear.
public struct SpectralContrast: Hashable, Sendable {
  public let sampleRate: Int
  public let length: Int
  public let lowest: Double
  public let bands: Int
  public let quantile: Double
  public let isLinear: Bool

  /// Contrast of spectra of frames of `length` samples (n_fft) at `sampleRate`; nil where the highest band begins at or above half the
  /// rate, or a band has no bins.
  public init?(
    sampleRate: Int, length: Int, lowest: Double = 200, bands: Int = 6, quantile: Double = 0.02, isLinear: Bool = false
  ) {
    (self.sampleRate, self.length, self.lowest) = (sampleRate, length, lowest)
    (self.bands, self.quantile, self.isLinear) = (bands, quantile, isLinear)
    guard lowest * pow(2, Double(bands - 1)) < Double(sampleRate) / 2 else { return nil }
    let ranges = (0...bands).map { binsBetweenEdges($0) }
    guard ranges.allSatisfy({ !$0.isEmpty }), (0..<bands).allSatisfy({ stretch($0).bins.count > 0 }) else { return nil }
  }

  /// The bins from one edge of a band to the other, both included.
  private func binsBetweenEdges(_ band: Int) -> Range<Int> {
    let low = band == 0 ? 0 : lowest * pow(2, Double(band - 1))
    let high = lowest * pow(2, Double(band))
    let width = Double(sampleRate) / Double(length)
    let first = Int((low / width).rounded(.up))
    return first..<max(first, min(length / 2, Int(high / width)) + 1)
  }

  /// The bins of a band, and how many of them make its peak and its valley: it begins one bin before its edge, and leaves its last
  /// bin to the next, but that bin counts.
  private func stretch(_ band: Int) -> (bins: Range<Int>, count: Int) {
    let inside = binsBetweenEdges(band)
    let first = band == 0 ? inside.lowerBound : max(0, inside.lowerBound - 1)
    let end = band == bands ? length / 2 + 1 : inside.upperBound
    let count = max(1, Int((quantile * Double(end - first)).rounded(.toNearestOrEven)))
    let bins = first..<(band == bands ? end : end - 1)
    return (bins, min(count, max(1, bins.count)))
  }

  /// [n_bands + 1, frames] of magnitudes [n_fft / 2 + 1, frames].
  public func callAsFunction(_ magnitudes: FeatureMatrix) -> FeatureMatrix {
    let frames = magnitudes.frames
    var peaks = FeatureMatrix(
      rows: bands + 1, frames: frames, values: [Float](repeating: 0, count: (bands + 1) * frames))
    var valleys = peaks
    for band in 0...bands {
      let (bins, count) = stretch(band)
      var column = [Float](repeating: 0, count: bins.count)
      for frame in 0..<frames {
        for (index, bin) in bins.enumerated() { column[index] = magnitudes.values[bin * frames + frame] }
        column.sort()
        valleys.values[band * frames + frame] = Self.mean(column.prefix(count))
        peaks.values[band * frames + frame] = Self.mean(column.suffix(count))
      }
    }
    if !isLinear {
      Decibels.power(&peaks.values, reference: .value(1), floor: 1e-10, topDecibels: 80)
      Decibels.power(&valleys.values, reference: .value(1), floor: 1e-10, topDecibels: 80)
    }
    for index in peaks.values.indices { peaks.values[index] -= valleys.values[index] }
    return peaks
  }

  private static func mean(_ values: ArraySlice<Float>) -> Float {
    Float(values.reduce(0) { $0 + Double($1) } / Double(values.count))
  }
}
