import Foundation

/// Changes the pitch of a sound and keeps its length, as `librosa.effects.pitch_shift`: slower by the interval, then read faster.
public enum PitchShift {
  /// `samples` higher by `semitones` of 2^(1/12), lower where it is negative; their number stays.
  public static func shifted(_ samples: [Float], semitones: Double) -> [Float] {
    guard !samples.isEmpty, semitones != 0 else { return samples }
    let rate = pow(2, -semitones / 12)
    let stretched = TimeStretch.stretched(samples, rate: rate)
    return FractionalResampler.resampled(stretched, ratio: rate, count: samples.count)
  }
}
