import CKernels
import Foundation

/// Where a sound is speech rather than noise: the likelihood ratio test of Sohn, Kim and Sung (1999), "A statistical
/// model-based voice activity detection", IEEE Signal Processing Letters 6(1).
///
/// The spectra of noise and of speech in noise are taken as complex Gaussian, independent by frequency. With the a-posteriori
/// SNR γ = |Y|² / λ and the a-priori SNR ξ, a bin's log likelihood ratio is γ ξ / (1 + ξ) - ln(1 + ξ); a frame's, ln Λ, is the mean over its
/// bins. ξ is decision-directed (Ephraim and Malah 1984): ξ[t] = α S[t-1] / λ + (1 - α) max(γ[t] - 1, 0), with the speech power S of
/// the frame before by Wiener's gain, (ξ / (1 + ξ))² |Y|², in place of the paper's. The hang-over is a Markov chain of two states:
///
///     Γ[t] = (a01 + (1 - a10) Γ[t-1]) / ((1 - a01) + a10 Γ[t-1]) · Λ[t],    speech where Γ / (1 + Γ) > threshold,
///
/// a01 = hop / `pause` and a10 = hop / `speech`: for a hop of 10 ms 0.2 and 0.1. The noise λ is the mean over the first frames,
/// and moves with every frame that is not speech.
public struct StatisticalActivity: Hashable, Sendable {
  /// The probability of speech above which a frame is kept.
  public let threshold: Double
  /// How much of the start of a sound is taken for noise, in seconds.
  public let noise: Double
  /// The mean duration of speech between pauses, in seconds: it makes the hang-over.
  public let speech: Double
  /// The mean duration of a pause, in seconds.
  public let pause: Double
  /// Samples a frame; nil for 20 ms.
  public let length: Int?
  /// Samples from one frame to the next; nil for 10 ms.
  public let hop: Int?

  /// α of Ephraim and Malah (1984).
  private static let smoothing = 0.98
  /// γ up to 30 dB: one loud bin must not outvote the others.
  private static let largestRatio = 1000.0
  /// ξ from -25 dB, as is usual against musical noise (Cappé 1994).
  private static let smallestRatio = 0.00316
  /// The share of the old noise that a frame of noise leaves: half a second's memory at a hop of 10 ms.
  private static let noiseMemory = 0.98
  /// λ from 80 dB below the mean power of the sound, so that digital silence is no noise that everything exceeds.
  private static let quietest = 1e-8

  /// A detector; durations in seconds, frames in samples.
  public init(
    threshold: Double = 0.7, noise: Double = 0.1, speech: Double = 0.1, pause: Double = 0.05, length: Int? = nil,
    hop: Int? = nil
  ) {
    (self.threshold, self.noise, self.speech, self.pause) = (threshold, noise, speech, pause)
    (self.length, self.hop) = (length, hop)
  }

  /// The stretches of speech in samples, in order; none where nothing is found, or the sound is shorter than a frame. Channels
  /// are judged together, by their mean power.
  public func intervals(_ channels: [[Float]], rate: Int) -> [Range<Int>] {
    let length = max(2, self.length ?? Int((0.02 * Double(rate)).rounded()))
    let hop = max(1, self.hop ?? Int((0.01 * Double(rate)).rounded()))
    let count = channels.first?.count ?? 0
    guard count >= length else { return [] }
    let power = Self.power(channels, length: length, hop: hop)
    let speaks = decide(power, bins: length / 2, hop: Double(hop) / Double(rate), length: length)
    // A frame decides on the hop around its centre, the first and the last one on all that is before and behind them too.
    var result: [Range<Int>] = []
    for frame in speaks.indices where speaks[frame] {
      let start = frame == 0 ? 0 : max(0, frame * hop + (length - hop) / 2)
      let end = frame == speaks.count - 1 ? count : max(0, (frame + 1) * hop + (length - hop) / 2)
      if let last = result.last, last.upperBound >= start {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, min(end, count))
      } else if start < min(end, count) {
        result.append(start..<min(end, count))
      }
    }
    return result
  }

  /// Whether each frame is speech; `power` has `bins` values a frame, `hop` is in seconds.
  private func decide(_ power: [Float], bins: Int, hop: Double, length: Int) -> [Bool] {
    let frames = power.count / bins
    let floor = max(Self.quietest * power.reduce(0) { $0 + Double($1) } / Double(power.count), .leastNormalMagnitude)
    let start = max(1, min(frames, Int((noise / hop).rounded())))
    var noise = (0..<bins).map { bin in
      max((0..<start).reduce(0) { $0 + Double(power[$1 * bins + bin]) } / Double(start), floor)
    }
    var clean = [Double](repeating: 0, count: bins)
    let (enter, leave) = (min(0.5, hop / pause), min(0.5, hop / speech))
    var odds = 0.0
    return (0..<frames).map { frame in
      var sum = 0.0
      for bin in 0..<bins {
        let observed = Double(power[frame * bins + bin])
        let posterior = min(observed / noise[bin], Self.largestRatio)
        let prior = max(
          Self.smoothing * clean[bin] / noise[bin] + (1 - Self.smoothing) * max(posterior - 1, 0), Self.smallestRatio)
        let gain = prior / (1 + prior)
        sum += posterior * gain - log1p(prior)
        clean[bin] = gain * gain * observed
      }
      let ratio = exp(min(sum / Double(bins), 100))
      odds = (enter + (1 - leave) * odds) / ((1 - enter) + leave * odds) * ratio
      let speaks = odds / (1 + odds) > threshold
      if !speaks {
        for bin in 0..<bins {
          noise[bin] = max(
            Self.noiseMemory * noise[bin] + (1 - Self.noiseMemory) * Double(power[frame * bins + bin]), floor)
        }
      }
      return speaks
    }
  }

  /// Squared magnitudes of the frames that lie within the sound, frame after frame, without the bin at 0 Hz; the mean over the channels.
  private static func power(_ channels: [[Float]], length: Int, hop: Int) -> [Float] {
    let transform = RealTransform.of(length: length)
    let window = PowerSpectrogram.hannWindow(length)
    let (frame, spectrum) = (AlignedFloats(count: length), AlignedFloats(count: 2 * transform.bins))
    let (bins, frames) = (length / 2, 1 + ((channels.first?.count ?? 0) - length) / hop)
    var power = [Float](repeating: 0, count: frames * bins)
    let share = 1 / Float(channels.count)
    for channel in channels {
      channel.withUnsafeBufferPointer { samples in
        guard let samples = samples.baseAddress else { return }
        for index in 0..<frames {
          audio_window(frame.base, samples + index * hop, window, length)
          transform.run(frame.base, to: spectrum.base)
          for bin in 0..<bins {
            let (re, im) = (spectrum.base[2 * bin + 2], spectrum.base[2 * bin + 3])
            power[index * bins + bin] += share * (re * re + im * im)
          }
        }
      }
    }
    return power
  }
}
