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
  public func callAsFunction(_ samples: [Float]) -> TiledFrames {
    guard let transform = FrameTransform<Float>.of(length: length) else { return ofAnyLength(samples) }
    return withUnsafeTemporaryAllocation(byteCount: 16 * length * 4, alignment: 64) { work in
      let work = work.bindMemory(to: Float.self)
      return tiles(of: samples) { transform.run($0, frames: $1, hop: hop, work: work, to: $2) }
    }
  }

  /// Magnitudes, the roots of the spectrogram, computed in double precision for lengths that are powers of two.
  public func magnitudes(_ samples: [Float]) -> FeatureMatrix {
    guard let transform = FrameTransform<Double>.of(length: length) else {
      return ofAnyLength(samples).matrix.squareRoots
    }
    let power = withUnsafeTemporaryAllocation(byteCount: 16 * length * 8, alignment: 64) { work in
      let work = work.bindMemory(to: Double.self)
      return tiles(of: samples) { transform.run($0, frames: $1, hop: hop, work: work, to: $2) }
    }
    return power.matrix.squareRoots
  }

  /// Calls `body` for each tile with its samples, the number of its frames, and the place in the result.
  private func tiles(
    of samples: [Float], _ body: (UnsafePointer<Float>, _ frames: Int, UnsafeMutablePointer<Float>) -> Void
  ) -> TiledFrames {
    precondition(samples.count >= minimumSamples, "\(samples.count) samples are too few for frames of \(length)")
    let (bins, count) = (length / 2 + 1, frames(samples: samples.count))
    let (width, margin) = (TiledFrames.width, length / 2)
    // Frames of nothing but zeros, as padding of a batch makes them, need no transform.
    let sounding = (samples.firstIndex { $0 != 0 } ?? samples.count)...(samples.lastIndex { $0 != 0 } ?? samples.count)
    return TiledFrames(rows: bins, frames: count) { output in
      samples.withUnsafeBufferPointer { samples in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: (width - 1) * hop + length) { stretch in
          guard let output = output.baseAddress, let base = samples.baseAddress else { return }
          for first in Swift.stride(from: 0, to: count, by: width) {
            let tile = output + first * bins
            let frames = min(width, count - first)
            let start = first * hop - margin
            let end = start + (frames - 1) * hop + length
            var isSilent = false
            if start >= 0, end <= samples.count {
              isSilent = !sounding.overlaps(start...(end - 1))
              if !isSilent { body(base + start, frames, tile) }
            } else {
              // Only at the ends are samples copied, beside what stands beyond them.
              padding.fill(stretch, from: samples, start: start, end: end)
              isSilent = stretch[..<(end - start)].allSatisfy { $0 == 0 }
              if !isSilent, let stretch = stretch.baseAddress { body(stretch, frames, tile) }
            }
            if isSilent { tile.update(repeating: 0, count: bins * width) }
          }
        }
      }
    }
  }

  /// The spectrogram by FFTW, which knows all lengths.
  private func ofAnyLength(_ samples: [Float]) -> TiledFrames {
    let transform = RealTransform.of(length: length)
    let window = Self.hannWindow(length)
    let bins = transform.bins
    let stride = (bins + 7) / 8 * 8
    let frame = AlignedFloats(count: length)
    let spectra = AlignedFloats(count: 2 * 16 * stride)
    return tiles(of: samples) { padded, frames, tile in
      for index in 0..<TiledFrames.width {
        audio_window(frame.base, padded + min(index, frames - 1) * hop, window, length)
        transform.run(frame.base, to: spectra.base + 2 * index * stride)
      }
      audio_power_turned(tile, spectra.base, stride, bins)
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
  /// Writes the samples from `start` to `end`, which lies beyond one end or both, but begins before the last and ends behind the first.
  fileprivate func fill(
    _ stretch: UnsafeMutableBufferPointer<Float>, from samples: UnsafeBufferPointer<Float>, start: Int, end: Int
  ) {
    let last = samples.count - 1
    let inside = max(start, 0)..<min(end, samples.count)
    for index in start..<inside.lowerBound {
      stretch.initializeElement(at: index - start, to: self == .reflect ? samples[-index] : 0)
    }
    _ = stretch[(inside.lowerBound - start)...].initialize(from: samples[inside])
    for index in inside.upperBound..<end {
      stretch.initializeElement(at: index - start, to: self == .reflect ? samples[2 * last - index] : 0)
    }
  }
}
