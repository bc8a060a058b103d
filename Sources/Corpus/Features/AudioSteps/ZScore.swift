import Audio
import Spec

/// `z_score`: mean 0 and standard deviation 1 over the clip.
struct ZScore: AudioStep {
  static let kind = Kind(
    "z_score", summary: "Shifts and scales each channel to mean 0 and standard deviation 1 over the clip.",
    formula: """
      y = (x - mean) / deviation, deviation = sqrt(sum (x - mean)^2 / (n - 1)); only y = x - mean where it is at most 1e-6.
      [channels, n] -> [channels, n].
      """,
    example: "audio: [resample: 16000, mono, z_score]", table: FieldTable([]))

  init(_ step: Step) {}

  func output(of format: SignalFormat) -> SignalFormat { format }

  func apply(to clip: inout Clip) {
    for channel in clip.channels.indices { Normalization.zScore(&clip.channels[channel]) }
  }
}
