import CKernels
import Foundation
import Synchronization

/// Changes the sampling rate by band-limited interpolation, as torchaudio's `Resample`.
///
/// Output sample k at rate `to` is the sum over input samples i of x[i] h(i / from - k / to) with the windowed sinc
///
///     h(t) = c / from · sinc(c t) · window(c t / w) for |c t| < w, 0 elsewhere,    c = rolloff · min(from, to),
///
/// w zero crossings wide, rates reduced by their greatest common divisor (J. O. Smith, "Digital Audio Resampling"). The window is
/// Hann's, cos²(π u / 2), or Kaiser's, I0(β sqrt(1 - u²)) / I0(β). There are ceil(n · to / from) output samples; the sound is
/// zero outside its range.
public final class Resampler: Sendable {
  /// The shape of the low-pass filter; the defaults are torchaudio's.
  public struct Filter: Hashable, Sendable {
    public enum Window: Hashable, Sendable {
      case hann
      case kaiser(beta: Double)
    }

    /// torchaudio's β for Kaiser's window.
    public static let standardBeta = 14.769656459379492

    /// Zero crossings of the sinc on each side.
    public let width: Int
    /// The cut-off as a share of the lower half rate.
    public let rolloff: Double
    public let window: Window

    public init(width: Int = 6, rolloff: Double = 0.99, window: Window = .hann) {
      precondition(width > 0 && rolloff > 0 && rolloff <= 1, "no such filter")
      (self.width, self.rolloff, self.window) = (width, rolloff, window)
    }
  }

  private struct Key: Hashable {
    let from: Int
    let to: Int
    let filter: Filter
  }

  /// One phase of the filter: the taps that matter, and the input sample that the first one meets.
  private struct Phase {
    let first: Int
    let taps: [Float]
  }

  private let from: Int
  private let to: Int
  private let phases: [Phase]
  /// Zeros before the first sample, enough for every phase.
  private let margin: Int

  private static let cache = Mutex<[Key: Resampler]>([:])

  /// The resampler from one rate to another; the filters of a pair of rates are made once.
  public static func between(_ from: Int, _ to: Int, filter: Filter = Filter()) -> Resampler {
    precondition(from > 0 && to > 0, "rates are positive")
    let divisor = gcd(from, to)
    let key = Key(from: from / divisor, to: to / divisor, filter: filter)
    return cache.withLock { resamplers in
      if let known = resamplers[key] { return known }
      let made = Resampler(key)
      resamplers[key] = made
      return made
    }
  }

  private init(_ key: Key) {
    let (from, to, filter) = (key.from, key.to, key.filter)
    let width = Double(filter.width)
    let cutoff = Double(min(from, to)) * filter.rolloff
    margin = Int((width * Double(from) / cutoff).rounded(.up))
    self.from = from
    self.to = to
    phases = (0..<to).map { phase in
      // torchaudio rounds the phase to single precision, which moves samples by up to 1e-5.
      let offset = Double(Float(phase) / Float(to))
      // Positions that lie outside the window have no weight.
      let centre = offset * Double(from)
      let reach = width * Double(from) / cutoff
      let first = Int((centre - reach).rounded(.up))
      let last = Int((centre + reach).rounded(.down))
      let taps = (first...last).map { index -> Float in
        let t = (Double(index) / Double(from) - offset) * cutoff
        let window = filter.window.value(at: t / width)
        let sinc = t == 0 ? 1 : sin(t * .pi) / (t * .pi)
        return Float(sinc * window * cutoff / Double(from))
      }
      return Phase(first: first, taps: taps)
    }
  }

  /// The samples at the new rate: ceil(n · to / from) of them.
  public func apply(_ samples: [Float]) -> [Float] {
    if from == to || samples.isEmpty { return samples }
    let count = (samples.count * to + from - 1) / from
    // Every `from` input samples make `to` output samples. The input is dealt to `from` rows, so that each tap of a phase
    // reads consecutive numbers of one row for consecutive periods.
    let periods = (count + to - 1) / to
    let stride = periods + (2 * margin + 1) / from + 3
    let rows = deal(samples, stride: stride)
    let longest = phases.map(\.taps.count).max() ?? 0
    return rows.withUnsafeBufferPointer { rows in
      withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: longest) { taps in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: periods) { one in
          [Float](unsafeUninitializedCapacity: count) { output, filled in
            guard let base = rows.baseAddress, let target = output.baseAddress, let part = one.baseAddress else {
              return
            }
            for (index, phase) in phases.enumerated() {
              for tap in phase.taps.indices {
                let position = phase.first + margin + tap
                taps[tap] = base + position % from * stride + position / from
              }
              if to == 1 {
                audio_weighted_sum(target, taps.baseAddress, phase.taps, phase.taps.count, count)
              } else {
                audio_weighted_sum(part, taps.baseAddress, phase.taps, phase.taps.count, periods)
                var k = index
                for period in 0..<periods where k < count {
                  target[k] = part[period]
                  k += to
                }
              }
            }
            filled = count
          }
        }
      }
    }
  }

  /// Row r holds samples r - margin, r - margin + from, …, zeros where there is none.
  private func deal(_ samples: [Float], stride: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: from * stride) { rows, filled in
      filled = from * stride
      guard let rows = rows.baseAddress else { return }
      // Whole periods of zeros come first, then a period that begins with zeros.
      let (empty, rest) = (margin / from, margin % from)
      let head = [Float](repeating: 0, count: rest) + samples.prefix(from - rest)
      for row in 0..<from {
        let start = rows + row * stride
        start.initialize(repeating: 0, count: empty)
        (start + empty).initialize(to: row < head.count ? head[row] : 0)
      }
      let used = min(samples.count, from - rest)
      let present = min(samples.count - used, (stride - empty - 1) * from)
      samples.withUnsafeBufferPointer { samples in
        audio_deal(rows + empty + 1, stride, samples.baseAddress.map { $0 + used }, present, from, stride - empty - 1)
      }
    }
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
}

extension Resampler.Filter.Window {
  /// The window at `position`, 0 in its middle and 1 at its end.
  fileprivate func value(at position: Double) -> Double {
    switch self {
    case .hann: pow(cos(position * .pi / 2), 2)
    case .kaiser(let beta): Self.bessel(beta * max(0, 1 - position * position).squareRoot()) / Self.bessel(beta)
    }
  }

  /// The modified Bessel function of the first kind of order 0, by its power series.
  private static func bessel(_ x: Double) -> Double {
    var (sum, term, k) = (1.0, 1.0, 1.0)
    while term > sum * 1e-17 {
      term *= (x / 2 / k) * (x / 2 / k)
      sum += term
      k += 1
    }
    return sum
  }
}
