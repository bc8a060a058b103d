import Foundation

/// The tract as Klatt 1980 has it: a one-pole low pass for the tilt of the source, then six formant resonators in a row
/// y[n] = A x[n] + B y[n-1] + C y[n-2], C = -exp(-2 pi bw T), B = 2 exp(-pi bw T) cos(2 pi f T), A = 1 - B - C.
///
/// All stages are worked on at once, one a SIMD lane, each a sample behind the one before it: the row costs what one
/// resonator would, and is seven samples late.
struct VocalTract {
  private var a = SIMD8<Float>(repeating: 1)
  private var b = SIMD8<Float>(repeating: 0)
  private var c = SIMD8<Float>(repeating: 0)
  private var last = SIMD8<Float>(repeating: 0)
  private var beforeLast = SIMD8<Float>(repeating: 0)
  private let rate: Float
  private let scale: Float

  /// - Parameters:
  ///   - tilt: loss of the first stage at 3 kHz, in decibels above 0.
  ///   - scale: factor on the fixed upper formants.
  init(rate: Float, tilt: Float, scale: Float) {
    self.rate = rate
    self.scale = scale
    // (1 - b)^2 = r (1 - 2 b cos w + b^2) at w = 3 kHz, with r the power that is let through.
    let power = pow(10, -max(0.1, tilt) / 10)
    let middle = 1 - power * cos(2 * Float.pi * 3000 / rate)
    let pole = (middle - (middle * middle - (1 - power) * (1 - power)).squareRoot()) / (1 - power)
    a[0] = 1 - pole
    b[0] = pole
  }

  /// Takes up the shape of `frame`.
  mutating func shape(_ frame: Utterance.Frame) {
    let lower = frame.formants
    let frequencies: SIMD8<Float> = [0, lower.x, lower.y, lower.z, 3400 * scale, 4400 * scale, 5600 * scale, 0]
    let bandwidths: SIMD8<Float> = [0, 70, 100, 150, 220, 280, 400, 0]
    for lane in 1...6 {
      let width = bandwidths[lane] * (lane <= 3 ? frame.damping : 1)
      let radius = exp(-Float.pi * width / rate)
      c[lane] = -radius * radius
      b[lane] = 2 * radius * cos(2 * .pi * frequencies[lane] / rate)
      a[lane] = 1 - b[lane] - c[lane]
    }
  }

  /// The next sample that leaves the lips.
  mutating func next(_ source: Float) -> Float {
    let input = SIMD8<Float>(source, last[0], last[1], last[2], last[3], last[4], last[5], 0)
    let output = a * input + b * last + c * beforeLast
    beforeLast = last
    last = output
    return output[6]
  }
}

/// A band of noise: a band-pass with a gain of 1 at its centre (Bristow-Johnson's audio EQ cookbook).
struct NoiseBand {
  private let rate: Float
  private var gain: Float = 0
  private var b1: Float = 0
  private var b2: Float = 0
  private var input: (Float, Float) = (0, 0)
  private var output: (Float, Float) = (0, 0)

  init(rate: Float) {
    self.rate = rate
  }

  /// Moves the band. Both in Hz.
  mutating func shape(centre: Float, bandwidth: Float) {
    let angle = 2 * Float.pi * centre / rate
    let alpha = sin(angle) * bandwidth / (2 * centre)
    gain = alpha / (1 + alpha)
    b1 = 2 * cos(angle) / (1 + alpha)
    b2 = -(1 - alpha) / (1 + alpha)
  }

  /// The next sample.
  mutating func next(_ source: Float) -> Float {
    let value = gain * (source - input.1) + b1 * output.0 + b2 * output.1
    input = (source, input.0)
    output = (value, output.0)
    return value
  }
}
