import Audio
import Spec

/// `noise`: white Gaussian noise.
struct NoiseStep: WaveformAugmentation {
  static let kind = Kind(
    "noise", summary: "Adds white Gaussian noise to the waveform.",
    formula: """
      y = x + a n, n ~ N(0, 1). amplitude: a itself, in the waveform's unit (full scale is 1 before any normalising step);
      snr: a = sqrt(mean(x^2)) / 10^(snr / 20); relative: a = relative times the deviation of x.
      """,
    example: "augment: [noise: {snr: [10, 30], p: 0.5}]",
    table: FieldTable(
      [
        Field(
          "amplitude", .optional(AugmentationFields.range(min: 0)), default: .value(.none),
          doc: "Standard deviation of the noise: a number, or a range to draw it from."),
        Field(
          "snr", .optional(AugmentationFields.range(min: -100, max: 200)), default: .value(.none),
          doc: "Level of the clip above the noise in dB: a number, or a range to draw it from."),
        Field(
          "relative", .optional(AugmentationFields.range(min: 0)), default: .value(.none),
          doc: "Standard deviation of the noise as a multiple of the clip's: a number, or a range to draw it from."),
        AugmentationFields.before, AugmentationFields.probability,
      ], exclusive: ["amplitude", "snr", "relative"]))

  private enum Level {
    case amplitude(ClosedRange<Double>)
    case snr(ClosedRange<Double>)
    case relative(ClosedRange<Double>)
  }
  private let level: Level

  init(_ step: Step) throws {
    if let amplitude = try step.values.optionalRange("amplitude") {
      level = .amplitude(amplitude)
    } else if let snr = try step.values.optionalRange("snr") {
      level = .snr(snr)
    } else {
      level = .relative(try step.values.optionalRange("relative") ?? 0...0)
    }
  }

  func apply(to samples: [Float], using draws: inout Draws) -> [Float] {
    let deviation =
      switch level {
      case .amplitude(let range): draws.uniform(in: range)
      case .snr(let range): Noise.deviation(snr: draws.uniform(in: range), of: samples)
      case .relative(let range): draws.uniform(in: range) * Noise.standardDeviation(of: samples)
      }
    var samples = samples
    Noise.add(to: &samples, deviation: deviation, using: &draws)
    return samples
  }
}
