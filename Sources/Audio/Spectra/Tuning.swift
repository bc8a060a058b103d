import CKernels
import Foundation

/// How far a recording's pitches lie from the tempered scale on A = 440 Hz: librosa's `piptrack` and `pitch_tuning`.
///
/// The reference computes in single precision, and the answer is the fullest of 100 bins, which one
/// rounding can decide. So each step here rounds where the reference rounds.
package enum Tuning {
  /// Peaks below this share of their frame's largest power do not count.
  private static let threshold: Float = 0.1
  /// Pitches are looked for in this range of Hz.
  private static let range = 150.0..<4000.0
  /// Bins of the histogram of deviations: steps of one hundredth.
  private static let resolution = 100

  /// The deviation in fractions of a chroma bin, from -0.5 to 0.49 in steps of 0.01, for a power spectrogram of frames of `length`
  /// samples at `rate`; 0 where there is no pitch.
  package static func estimate(_ power: TiledFrames, rate: Int, length: Int, binsPerOctave: Int) -> Double {
    let peaks = peaks(power, rate: rate, length: length)
    guard !peaks.pitches.isEmpty else { return 0 }
    let median = median(peaks.magnitudes)
    var counts = [Int](repeating: 0, count: resolution)
    for (pitch, magnitude) in zip(peaks.pitches, peaks.magnitudes) where magnitude >= median {
      let position = Float(binsPerOctave) * log2(pitch / Float(440.0 / 16))
      var residual = position - position.rounded(.towardZero)
      if residual < 0 { residual += 1 }
      if residual >= 0.5 { residual -= 1 }
      counts[bin(of: Double(residual))] += 1
    }
    let fullest = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) } ?? 0
    return edge(fullest)
  }

  private static func edge(_ index: Int) -> Double { Double(index) * 0.01 - 0.5 }

  /// The bin whose edges enclose `residual`, which is in [-0.5, 0.5].
  private static func bin(of residual: Double) -> Int {
    // Off by one at most, for an edge may be rounded to either side.
    let index = min(resolution - 1, max(0, Int((residual + 0.5) * 100)))
    if index > 0, residual < edge(index) { return index - 1 }
    if index < resolution - 1, residual >= edge(index + 1) { return index + 1 }
    return index
  }

  /// Local maxima over frequency, refined by a parabola through three bins (J. O. Smith, "Spectral Audio Signal Processing").
  private static func peaks(_ power: TiledFrames, rate: Int, length: Int) -> (pitches: [Float], magnitudes: [Float]) {
    let highest = min(range.upperBound, Double(rate) / 2)
    // Bins whose neighbours are there too, and whose frequency lies in the range.
    let candidates = (1..<max(1, power.rows - 1)).filter {
      let frequency = Double($0) * Double(rate) / Double(length)
      return frequency >= range.lowerBound && frequency < highest
    }
    guard let first = candidates.first, let last = candidates.last else { return ([], []) }
    let width = TiledFrames.width
    var floor = [Float](repeating: 0, count: width)
    var found = [UInt32](repeating: 0, count: power.rows * width)
    var (pitches, magnitudes): ([Float], [Float]) = ([], [])
    pitches.reserveCapacity(16 * power.frames)
    magnitudes.reserveCapacity(16 * power.frames)
    power.forEachTile { index, tile in
      audio_tile_maximum(&floor, tile, power.rows)
      for frame in 0..<width {
        floor[frame] = frame < power.frames(ofTile: index) ? floor[frame] * threshold : .infinity
      }
      let count = audio_tile_peaks(&found, tile, first, last + 1, floor)
      for place in found[0..<count].lazy.map(Int.init) {
        let (below, here, above) = (tile[place - width], tile[place], tile[place + width])
        let curvature = Double(above + below) - 2 * Double(here)
        let slope = Double(above - below) / 2
        let shift = abs(slope) >= abs(curvature) ? 0 : Float(-slope / curvature)
        pitches.append(Float((Double(place / width) + Double(shift)) * Double(rate) / Double(length)))
        magnitudes.append(here + 0.5 * ((above - below) / 2) * shift)
      }
    }
    return (pitches, magnitudes)
  }

  /// The middle value, or the mean of the two middle ones.
  package static func median(_ values: [Float]) -> Float {
    var values = values
    let half = values.count / 2
    let upper = select(half, of: &values)
    // What is left of position `half` is no larger than the value there.
    return values.count % 2 == 1 ? upper : ((values[..<half].max() ?? upper) + upper) / 2
  }

  /// The value that would stand at `rank` if `values` were sorted, put there, with none larger before it (Hoare 1961, "Find").
  private static func select(_ rank: Int, of values: inout [Float]) -> Float {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let pivot = values[(low + high) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while values[left] < pivot { left += 1 }
        while pivot < values[right] { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if rank <= right {
        high = right
      } else if rank >= left {
        low = left
      } else {
        break
      }
    }
    return values[rank]
  }
}
