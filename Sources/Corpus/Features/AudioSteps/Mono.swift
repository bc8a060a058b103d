import Audio
import Spec

/// `mono`: makes one channel of several.
struct Mono: AudioStep {
  static let kind = Kind(
    "mono", summary: "Makes one channel of several.",
    formula: "[channels, n] -> [1, n]: the mean of the channels, or the first (left) or second (right) one.",
    example: "audio: [mono: {mix: mean}]",
    table: FieldTable(
      [
        Field(
          "mix", .choice(["mean", "left", "right"]), default: .value(.string("mean")),
          doc: "Which channels to keep; a clip of one channel is kept as it is.")
      ], primary: "mix"))

  private let mix: String

  init(_ step: Step) { mix = step.values.string("mix") }

  func output(of format: SignalFormat) -> SignalFormat { SignalFormat(rate: format.rate, isMono: true) }

  func apply(to clip: inout Clip) {
    guard clip.channels.count > 1 else { return }
    let samples =
      switch mix {
      case "left": clip.channels[0]
      case "right": clip.channels[1]
      default: Normalization.mono(clip.channels)
      }
    clip = Clip(channels: [samples], rate: clip.rate)
  }
}
