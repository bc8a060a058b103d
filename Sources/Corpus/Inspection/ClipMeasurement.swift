import Audio
import CKernels
import Crypto
import Foundation

/// What `doctor` wants to know of one clip's sound.
public struct ClipMeasurement: Sendable {
  /// How the file keeps it; nil for sound that is synthesized.
  public let format: AudioFormat?
  /// Samples a second as decoded.
  public let rate: Int
  public let channels: Int
  public let seconds: Double
  /// The largest absolute value of any channel; 1 is full scale.
  public let peak: Float
  /// The root mean square over all channels.
  public let rms: Double
  /// The mean of the channel whose mean is furthest from zero.
  public let offset: Double
  /// The share of samples in runs at full scale (`InspectionLimits`).
  public let clippedShare: Double
  /// The same for clips of the same samples, channels and rate.
  public let digest: String
  /// Length behind the audio chain in samples.
  public internal(set) var preparedSamples = 0

  /// Measures `clip`.
  public init(_ clip: Clip, format: AudioFormat?) {
    self.format = format
    rate = clip.rate
    channels = clip.channels.count
    seconds = clip.seconds
    var (peak, squares, offset, clipped) = (Float(0), 0.0, 0.0, 0)
    var hash = SHA256()
    withUnsafeBytes(of: (clip.rate, clip.channels.count)) { hash.update(bufferPointer: $0) }
    for samples in clip.channels where !samples.isEmpty {
      var (least, most) = (Float(0), Float(0))
      audio_range(samples, samples.count, &least, &most)
      peak = max(peak, -least, most)
      var (mean, distances) = (0.0, 0.0)
      audio_moments(samples, samples.count, &mean, &distances)
      squares += distances + mean * mean * Double(samples.count)
      if abs(mean) > abs(offset) { offset = mean }
      if max(-least, most) >= InspectionLimits.fullScale { clipped += Self.clipped(samples) }
      samples.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    let count = Double(max(1, clip.frames * clip.channels.count))
    self.peak = peak
    self.offset = offset
    rms = (squares / count).squareRoot()
    clippedShare = Double(clipped) / count
    digest = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The RMS level in dB relative to full scale; the least number for digital silence.
  public var level: Double { 20 * log10(max(rms, 1e-10)) }

  /// How many samples lie in runs of one sign at full scale.
  private static func clipped(_ samples: [Float]) -> Int {
    var (count, run, sign) = (0, 0, false)
    for sample in samples + [0] {
      if abs(sample) >= InspectionLimits.fullScale, run == 0 || (sample > 0) == sign {
        run += 1
        sign = sample > 0
        continue
      }
      if run >= InspectionLimits.clippedRun { count += run }
      run = abs(sample) >= InspectionLimits.fullScale ? 1 : 0
      sign = sample > 0
    }
    return count
  }
}
