import CKernels
import Foundation

/// Where the spectrum of each frame lies and how it spreads: librosa's `spectral_centroid`, `spectral_bandwidth`,
/// `spectral_rolloff` and `spectral_flatness` of magnitudes [n_fft / 2 + 1, frames]. Each gives [1, frames].
public struct SpectralShape: Hashable, Sendable {
  public let sampleRate: Int
  public let length: Int

  /// Shapes of spectra of frames of `length` samples (n_fft) at `sampleRate`.
  public init(sampleRate: Int, length: Int) { (self.sampleRate, self.length) = (sampleRate, length) }

  private func frequency(_ bin: Int) -> Double { Double(bin) * Double(sampleRate) / Double(length) }

  /// The mean frequency in Hz, weighted by magnitude; 0 for silence.
  public func centroid(_ magnitudes: FeatureMatrix) -> FeatureMatrix {
    Self.row(centroids(magnitudes, totals: totals(magnitudes)))
  }

  /// (Σ S |f - centroid|^p / Σ S)^(1/p) in Hz; 0 for silence.
  public func bandwidth(_ magnitudes: FeatureMatrix, power: Double) -> FeatureMatrix {
    let totals = totals(magnitudes)
    let centroids = centroids(magnitudes, totals: totals)
    var sums = [Double](repeating: 0, count: magnitudes.frames)
    Self.forEachRow(magnitudes) { bin, row in
      let frequency = frequency(bin)
      for frame in sums.indices {
        let distance = abs(frequency - centroids[frame])
        sums[frame] += Double(row[frame]) * (power == 2 ? distance * distance : pow(distance, power))
      }
    }
    return Self.row(sums.indices.map { pow(sums[$0] / totals[$0], 1 / power) })
  }

  /// The frequency in Hz up to which `share` of the sum of magnitudes lies. Sums are in single precision, as the reference's,
  /// so that both cross the threshold at the same bin.
  public func rolloff(_ magnitudes: FeatureMatrix, share: Double) -> FeatureMatrix {
    var totals = [Float](repeating: 0, count: magnitudes.frames)
    Self.forEachRow(magnitudes) { _, row in for frame in totals.indices { totals[frame] += row[frame] } }
    let thresholds = totals.map { Float(share) * $0 }
    var sums = [Float](repeating: 0, count: magnitudes.frames)
    var found = [Double](repeating: -1, count: magnitudes.frames)
    Self.forEachRow(magnitudes) { bin, row in
      for frame in sums.indices {
        sums[frame] += row[frame]
        if found[frame] < 0, sums[frame] >= thresholds[frame] { found[frame] = frequency(bin) }
      }
    }
    return Self.row(found)
  }

  /// The geometric mean over the arithmetic mean of max(amin, S^power): 1 for white noise, near 0 for a tone.
  public func flatness(_ magnitudes: FeatureMatrix, floor amin: Double, power: Double) -> FeatureMatrix {
    let frames = magnitudes.frames
    var (logarithms, sums) = ([Double](repeating: 0, count: frames), [Double](repeating: 0, count: frames))
    Self.forEachRow(magnitudes) { _, row in
      for frame in 0..<frames {
        let value = Double(row[frame])
        let raised = max(amin, power == 2 ? value * value : pow(value, power))
        logarithms[frame] += log(raised)
        sums[frame] += raised
      }
    }
    let bins = Double(magnitudes.rows)
    return Self.row((0..<frames).map { exp(logarithms[$0] / bins) / (sums[$0] / bins) })
  }

  /// The sum of each frame; 1 for silence, so that one may divide by it.
  private func totals(_ magnitudes: FeatureMatrix) -> [Double] {
    var sums = [Double](repeating: 0, count: magnitudes.frames)
    Self.forEachRow(magnitudes) { _, row in for frame in sums.indices { sums[frame] += Double(row[frame]) } }
    return sums.map { $0 < Double(Float.leastNormalMagnitude) ? 1 : $0 }
  }

  private func centroids(_ magnitudes: FeatureMatrix, totals: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: magnitudes.frames)
    Self.forEachRow(magnitudes) { bin, row in
      let frequency = frequency(bin)
      for frame in sums.indices { sums[frame] += frequency * Double(row[frame]) }
    }
    return zip(sums, totals).map { $0 / $1 }
  }

  private static func row(_ values: [Double]) -> FeatureMatrix {
    FeatureMatrix(rows: 1, frames: values.count, values: values.map { Float($0) })
  }

  private static func forEachRow(_ matrix: FeatureMatrix, _ body: (Int, UnsafePointer<Float>) -> Void) {
    matrix.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for row in 0..<matrix.rows { body(row, base + row * matrix.frames) }
    }
  }
}

extension FeatureMatrix {
  /// The root of every value: magnitudes of a power spectrogram.
  public var squareRoots: FeatureMatrix {
    FeatureMatrix(rows: rows, frames: frames) { output in
      for index in values.indices { output[index] = values[index].squareRoot() }
    }
  }
}
