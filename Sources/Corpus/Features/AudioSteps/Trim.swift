import Audio
import Spec

/// `trim`: cuts silence off both ends.
struct Trim: AudioStep {
  static let kind = Kind(
    "trim", summary: "Cuts silence off both ends, as librosa.effects.trim does.",
    formula: """
      Kept is what lies from the first to the last frame whose level is above the loudest frame's - top_db. A frame's level is
      the root of the mean square of the loudest channel. [channels, n] -> [channels, m], m <= n.
      """,
    example: "audio: [trim: {top_db: 30}, resample: 16000, mono]",
    table: FieldTable(
      [ActivityFields.topDecibels, FrameFields.frameLength, FrameFields.hopLength], primary: "top_db"))

  private let activity: EnergyActivity

  init(_ step: Step) {
    activity = EnergyActivity(
      topDecibels: step.values.number("top_db"), length: step.values.integer("frame_length"),
      hop: step.values.integer("hop_length"))
  }

  func output(of format: SignalFormat) -> SignalFormat { format }

  func apply(to clip: inout Clip) {
    let kept = activity.trim(clip.channels)
    if !kept.isEmpty, kept.count < clip.frames { clip = clip.keeping([kept]) }
  }
}

/// Fields of the steps that look for silence.
enum ActivityFields {
  static let topDecibels = Field(
    "top_db", .number(min: 0), default: .value(.number(60)),
    doc: "Frames this many decibels below the loudest one, or more, are silent.")
}
