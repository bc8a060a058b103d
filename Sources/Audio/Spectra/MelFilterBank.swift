import Foundation
import Synchronization

/// Triangular filters, equally spaced on a mel scale, that turn [n_fft / 2 + 1, frames] of power into [n_mels, frames].
///
/// Filter i rises from mel point i to i + 1 and falls to i + 2; the points divide the stretch from f_min to f_max equally in mel.
public struct MelFilterBank: Hashable, Sendable {
  /// What a mel is.
  public enum Scale: String, Sendable, CaseIterable {
    /// 2595 log10(1 + f / 700) (Young et al., "The HTK Book").
    case htk
    /// Linear below 1 kHz, logarithmic above (Slaney 1998, "Auditory Toolbox"): librosa's default.
    case slaney
  }

  public let sampleRate: Int
  public let length: Int
  public let bands: Int
  public let lowest: Double
  public let highest: Double
  public let scale: Scale
  /// Divides each filter by half its width in Hz (norm: slaney), so that all pass the same energy of white noise.
  public let areaNormalized: Bool

  private static let cache = Mutex<[MelFilterBank: BandedMatrix]>([:])

  /// The filters for spectra of frames of `length` samples (n_fft) at `sampleRate`, from `lowest` to `highest` Hz.
  public init(
    sampleRate: Int, length: Int, bands: Int, lowest: Double, highest: Double, scale: Scale, areaNormalized: Bool
  ) {
    (self.sampleRate, self.length, self.bands, self.lowest) = (sampleRate, length, bands, lowest)
    (self.highest, self.scale, self.areaNormalized) = (highest, scale, areaNormalized)
  }

  /// The filters as a matrix [n_mels, n_fft / 2 + 1]; made once for each bank.
  public var matrix: BandedMatrix {
    Self.cache.withLock { matrices in
      if let known = matrices[self] { return known }
      let made = makeMatrix()
      matrices[self] = made
      return made
    }
  }

  private func makeMatrix() -> BandedMatrix {
    let bins = length / 2 + 1
    let (low, high) = (scale.mel(lowest), scale.mel(highest))
    let points = (0..<bands + 2).map { scale.hertz(low + (high - low) * Double($0) / Double(bands + 1)) }
    let rows = (0..<bands).map { band -> [Float] in
      let (left, centre, right) = (points[band], points[band + 1], points[band + 2])
      return (0..<bins).map { bin in
        let frequency = Double(bin) * Double(sampleRate) / Double(length)
        let weight = max(0, min((frequency - left) / (centre - left), (right - frequency) / (right - centre)))
        return Float(areaNormalized ? weight * 2 / (right - left) : weight)
      }
    }
    return BandedMatrix(rows, columns: bins)
  }
}

extension MelFilterBank.Scale {
  // Slaney's scale: 200/3 Hz a mel up to 1 kHz (15 mel), then 27 mel for each factor of 6.4.
  private static let linear = 200.0 / 3
  private static let knee = 1000.0
  private static let logarithmic = log(6.4) / 27

  /// The mel of a frequency in Hz.
  public func mel(_ hertz: Double) -> Double {
    switch self {
    case .htk: 2595 * log10(1 + hertz / 700)
    case .slaney:
      hertz < Self.knee
        ? hertz / Self.linear : Self.knee / Self.linear + log(hertz / Self.knee) / Self.logarithmic
    }
  }

  /// The frequency in Hz of a mel.
  public func hertz(_ mel: Double) -> Double {
    switch self {
    case .htk: 700 * (pow(10, mel / 2595) - 1)
    case .slaney:
      mel < Self.knee / Self.linear
        ? mel * Self.linear : Self.knee * exp(Self.logarithmic * (mel - Self.knee / Self.linear))
    }
  }
}
