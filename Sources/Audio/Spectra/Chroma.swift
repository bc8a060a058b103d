import CKernels
import Foundation
import Synchronization

/// The energy of each pitch class, [n_chroma, frames]: librosa's `chroma_stft` of a power spectrogram.
///
/// Each frequency feeds the classes by a Gaussian of its distance in chroma bins, weighted by a Gaussian two octaves wide
/// around the fifth octave (Ellis 2007, "Chroma feature analysis and synthesis"); each frame is divided by its largest value.
public struct Chroma: Hashable, Sendable {
  public let sampleRate: Int
  public let length: Int
  public let classes: Int
  /// Deviation from A = 440 Hz in fractions of a class; nil to estimate it from each spectrogram.
  public let tuning: Double?

  /// Chroma of spectra of frames of `length` samples at `sampleRate`.
  public init(sampleRate: Int, length: Int, classes: Int = 12, tuning: Double? = nil) {
    (self.sampleRate, self.length, self.classes, self.tuning) = (sampleRate, length, classes, tuning)
  }

  private static let cache = Mutex<[Chroma: BandedMatrix]>([:])

  /// [n_chroma, frames] of the power spectrogram [n_fft / 2 + 1, frames].
  public func callAsFunction(_ power: TiledFrames) -> FeatureMatrix {
    let tuning =
      tuning ?? Tuning.estimate(power, rate: sampleRate, length: length, binsPerOctave: classes)
    let filters = Chroma(sampleRate: sampleRate, length: length, classes: classes, tuning: tuning).filters
    var chroma = filters.multiply(power)
    var largest = [Float](repeating: 0, count: TiledFrames.width)
    chroma.changeEachTile { _, tile in
      audio_tile_maximum(&largest, tile, classes)
      // A silent frame stays zero.
      for frame in largest.indices where largest[frame] < .leastNormalMagnitude { largest[frame] = 1 }
      audio_tile_divide(tile, largest, classes)
    }
    return chroma.matrix
  }

  /// The filters for a known tuning, made once.
  private var filters: BandedMatrix {
    Self.cache.withLock { matrices in
      if let known = matrices[self] { return known }
      let made = makeFilters()
      matrices[self] = made
      return made
    }
  }

  private func makeFilters() -> BandedMatrix {
    let count = Double(classes)
    let reference = 440 * pow(2, (tuning ?? 0) / count) / 16
    var positions = (1..<length).map { count * log2(Double($0) * Double(sampleRate) / Double(length) / reference) }
    // The bin at 0 Hz is placed one and a half octaves below the first.
    positions.insert((positions.first ?? 0) - 1.5 * count, at: 0)
    let half = (count / 2).rounded(.toNearestOrEven)
    let bins = length / 2 + 1
    let columns = (0..<bins).map { bin -> [Double] in
      let width = bin + 1 < length ? max(positions[bin + 1] - positions[bin], 1) : 1
      let bumps = (0..<classes).map { chroma -> Double in
        let distance = positions[bin] - Double(chroma) + half + 10 * count
        let wrapped = distance - (distance / count).rounded(.down) * count - half
        return exp(-0.5 * pow(2 * wrapped / width, 2))
      }
      let norm = bumps.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let dominance = exp(-0.5 * pow((positions[bin] / count - 5) / 2, 2))
      return bumps.map { norm > 0 ? $0 / norm * dominance : 0 }
    }
    // The first class is C, three semitones above A.
    let rotation = 3 * (classes / 12)
    let rows = (0..<classes).map { row in columns.map { Float($0[(row + rotation) % classes]) } }
    return BandedMatrix(rows, columns: bins)
  }
}
