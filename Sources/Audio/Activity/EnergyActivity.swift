import Foundation

/// Where a sound is louder than a threshold below its loudest frame: librosa's `effects.trim` and `effects.split`.
public struct EnergyActivity: Hashable, Sendable {
  /// Frames this many decibels below the loudest one are silent.
  public let topDecibels: Double
  public let frames: FramedSignal

  /// Activity by the level of frames of `length` samples, `hop` samples apart.
  public init(topDecibels: Double = 60, length: Int = 2048, hop: Int = 512) {
    self.topDecibels = topDecibels
    frames = FramedSignal(length: length, hop: hop)
  }

  /// The stretch from the first frame that is not silent to the last one, in samples. Empty only for a sound without samples,
  /// or where the loudest frame begins at its end.
  public func trim(_ channels: [[Float]]) -> Range<Int> {
    let active = activeFrames(channels)
    guard let first = active.firstIndex(of: true), let last = active.lastIndex(of: true) else { return 0..<0 }
    let count = channels.first?.count ?? 0
    return min(first * frames.hop, count)..<min((last + 1) * frames.hop, count)
  }

  /// The stretches of frames that are not silent, in samples, in order: each from its first frame's centre to the centre of
  /// the first silent frame behind it.
  public func split(_ channels: [[Float]]) -> [Range<Int>] {
    Intervals.runs(of: activeFrames(channels), hop: frames.hop, count: channels.first?.count ?? 0)
  }

  /// Whether a frame is active in any channel.
  private func activeFrames(_ channels: [[Float]]) -> [Bool] {
    guard let first = channels.first, !first.isEmpty else { return [] }
    let levels = channels.map { frames.rootMeanSquare($0).values }
    let loudest = levels.flatMap { $0 }.max() ?? 0
    // amplitude_to_db: amplitudes below 1e-5 count as 1e-5.
    let decibels = { (level: Float) in 10 * log10(max(1e-10, level * level)) }
    let reference = decibels(loudest)
    return (0..<levels[0].count).map { frame in
      levels.contains { decibels($0[frame]) - reference > Float(-topDecibels) }
    }
  }
}

/// Stretches of samples.
enum Intervals {
  /// The runs of true among frames that are `hop` samples apart, cut at `count` samples; those without samples are left out.
  static func runs(of active: [Bool], hop: Int, count: Int) -> [Range<Int>] {
    var (runs, start): ([Range<Int>], Int?) = ([], nil)
    for (frame, isActive) in (active + [false]).enumerated() {
      if isActive {
        start = start ?? frame
      } else if let first = start {
        runs.append(min(first * hop, count)..<min(frame * hop, count))
        start = nil
      }
    }
    return runs.filter { !$0.isEmpty }
  }
}

extension Clip {
  /// The clip's samples in `intervals`, joined.
  public func keeping(_ intervals: [Range<Int>]) -> Clip {
    Clip(channels: channels.map { channel in intervals.flatMap { channel[$0] } }, rate: rate)
  }
}
