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
    guard let transform = FrameTransform<Float>.of(length: length) else { return ofAnyLength(samples) }
    return withUnsafeTemporaryAllocation(byteCount: 16 * length * 4, alignment: 64) { work in
      guard let work = work.baseAddress?.bindMemory(to: Float.self, capacity: 16 * length) else { return empty }
      return groups(of: samples) { transform.run($0, frames: $1, hop: hop, work: work, to: $2, stride: $3) }
    }
  }

  /// Magnitudes, the roots of the spectrogram, computed in double precision for lengths that are powers of two.
  public func magnitudes(_ samples: [Float]) -> FeatureMatrix {
    guard let transform = FrameTransform<Double>.of(length: length) else { return ofAnyLength(samples).squareRoots }
    let power = withUnsafeTemporaryAllocation(byteCount: 16 * length * 8, alignment: 64) { work in
      guard let work = work.baseAddress?.bindMemory(to: Double.self, capacity: 16 * length) else { return empty }
      return groups(of: samples) { transform.run($0, frames: $1, hop: hop, work: work, to: $2, stride: $3) }
    }
    return power.squareRoots
  }

  private var empty: FeatureMatrix { FeatureMatrix(rows: 0, frames: 0, values: []) }

  /// Calls `body` with the padded samples, the number, and the place in the result, of 16 frames at a time.
  private func groups(
    of samples: [Float],
    _ body: (UnsafePointer<Float>, _ frames: Int, UnsafeMutablePointer<Float>, _ stride: Int) -> Void
  ) -> FeatureMatrix {
    precondition(samples.count >= minimumSamples, "\(samples.count) samples are too few for frames of \(length)")
    let (bins, count) = (length / 2 + 1, frames(samples: samples.count))
    let padded = padding.pad(samples, by: length / 2)
    // Frames of nothing but zeros, as padding of a batch makes them, need no transform.
    let sounding = (padded.firstIndex { $0 != 0 } ?? padded.count)...(padded.lastIndex { $0 != 0 } ?? padded.count)
    return FeatureMatrix(rows: bins, frames: count) { output in
      padded.withUnsafeBufferPointer { padded in
        guard let output = output.baseAddress, let padded = padded.baseAddress else { return }
        for first in Swift.stride(from: 0, to: count, by: 16) {
          let group = min(16, count - first)
          let start = first * hop
          if sounding.overlaps(start...(start + (group - 1) * hop + length - 1)) {
            body(padded + start, group, output + first, count)
          } else {
            for bin in 0..<bins { (output + bin * count + first).update(repeating: 0, count: group) }
          }
        }
      }
    }
  }

  /// The spectrogram by FFTW, which knows all lengths.
  private func ofAnyLength(_ samples: [Float]) -> FeatureMatrix {
    let transform = RealTransform.of(length: length)
    let window = Self.hannWindow(length)
    let bins = transform.bins
    let stride = (bins + 7) / 8 * 8
    let frame = AlignedFloats(count: length)
    let spectra = AlignedFloats(count: 2 * 16 * stride)
    return groups(of: samples) { padded, frames, output, count in
      for index in 0..<frames {
        audio_window(frame.base, padded + index * hop, window, length)
        transform.run(frame.base, to: spectra.base + 2 * index * stride)
      }
      audio_power_turned(output, count, spectra.base, stride, frames, bins)
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
    [Float](unsafeUninitializedCapacity: samples.count + 2 * margin) { padded, filled in
      let last = samples.count - 1
      _ = padded[margin...].initialize(from: samples)
      switch self {
      case .constant:
        padded[..<margin].initialize(repeating: 0)
        padded[(margin + samples.count)..<(samples.count + 2 * margin)].initialize(repeating: 0)
      case .reflect:
        for index in 0..<margin {
          padded.initializeElement(at: index, to: samples[margin - index])
          padded.initializeElement(at: margin + samples.count + index, to: samples[last - 1 - index])
        }
      }
      filled = samples.count + 2 * margin
    }
  }
}
