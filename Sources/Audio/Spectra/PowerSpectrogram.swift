import CKernels
import Foundation
import Synchronization

/// Squared magnitudes of the short-time Fourier transform, [n_fft / 2 + 1, frames].
///
/// The sound is padded by n_fft / 2 samples at both ends, so that frame t is centred on sample t · hop, and each frame is
/// weighted by a periodic Hann window. There are 1 + (samples + 2 · (n_fft / 2) - n_fft) / hop frames (integer divisions).
public struct PowerSpectrogram: Hashable, Sendable {
  /// What stands beyond the ends of the sound.
  public enum Padding: String, Sendable, CaseIterable {
    /// Zeros: librosa's default.
    case constant
    /// The sound mirrored, its end sample not repeated: torchaudio's default. Needs more than n_fft / 2 samples.
    case reflect
  }

  public let length: Int
  public let hop: Int
  public let padding: Padding

  /// Frames of `length` samples (n_fft), `hop` samples apart.
  public init(length: Int, hop: Int, padding: Padding) {
    precondition(length > 0 && hop > 0, "frames and hops have samples")
    (self.length, self.hop, self.padding) = (length, hop, padding)
  }

  /// Frames of a sound of `samples` samples.
  public func frames(samples: Int) -> Int { 1 + (samples + length / 2 * 2 - length) / hop }

  /// The fewest samples that the padding allows.
  public var minimumSamples: Int { padding == .reflect ? length / 2 + 1 : max(1, length % 2) }

  /// The spectrogram of `samples`.
  public func callAsFunction(_ samples: [Float]) -> FeatureMatrix {
    precondition(samples.count >= minimumSamples, "\(samples.count) samples are too few for frames of \(length)")
    let transform = RealTransform.of(length: length)
    let bins = transform.bins
    let count = frames(samples: samples.count)
    let padded = padding.pad(samples, by: length / 2)
    let window = Self.hannWindow(length)
    // Frames of nothing but zeros, as padding of a batch makes them, need no transform.
    let sounding = (padded.firstIndex { $0 != 0 } ?? padded.count)...(padded.lastIndex { $0 != 0 } ?? padded.count)
    let together = 16
    let stride = (bins + 7) / 8 * 8
    let frame = AlignedFloats(count: length)
    let spectra = AlignedFloats(count: 2 * together * stride)
    return FeatureMatrix(rows: bins, frames: count) { output in
      padded.withUnsafeBufferPointer { padded in
        guard let output = output.baseAddress, let padded = padded.baseAddress else { return }
        for first in Swift.stride(from: 0, to: count, by: together) {
          let group = min(together, count - first)
          for index in 0..<group {
            let start = (first + index) * hop
            let target = spectra.base + 2 * index * stride
            if sounding.overlaps(start...(start + length - 1)) {
              audio_window(frame.base, padded + start, window, length)
              transform.run(frame.base, to: target)
            } else {
              target.update(repeating: 0, count: 2 * bins)
            }
          }
          audio_power_turned(output + first, count, spectra.base, stride, group, bins)
        }
      }
    }
  }

  private static let windows = Mutex<[Int: [Float]]>([:])

  /// The periodic Hann window, 0.5 - 0.5 cos(2πi / n), made once a length.
  static func hannWindow(_ length: Int) -> [Float] {
    windows.withLock { windows in
      if let known = windows[length] { return known }
      let made = (0..<length).map { Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length))) }
      windows[length] = made
      return made
    }
  }
}

extension PowerSpectrogram.Padding {
  /// The samples with `margin` more at both ends.
  fileprivate func pad(_ samples: [Float], by margin: Int) -> [Float] {
    let zeros = [Float](repeating: 0, count: margin)
    switch self {
    case .constant: return zeros + samples + zeros
    case .reflect:
      return [Float](unsafeUninitializedCapacity: samples.count + 2 * margin) { padded, filled in
        let last = samples.count - 1
        for index in 0..<margin {
          padded.initializeElement(at: index, to: samples[margin - index])
          padded.initializeElement(at: margin + samples.count + index, to: samples[last - 1 - index])
        }
        _ = padded[margin...].initialize(from: samples)
        filled = samples.count + 2 * margin
      }
    }
  }
}
