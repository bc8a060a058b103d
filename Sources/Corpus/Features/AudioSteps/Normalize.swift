import Audio
import Spec

/// `peak_normalize`: one largest magnitude for all clips.
struct PeakNormalize: AudioStep {
  static let kind = Kind(
    "peak_normalize", summary: "Scales each channel so that its largest magnitude is `peak`.",
    formula: "y = x peak / max |x|; silence stays silence. The shape stays.",
    example: "audio: [resample: 16000, mono, peak_normalize]",
    table: FieldTable(
      [
        Field(
          "peak", .number(min: 0, max: 1000, exclusiveMin: true), default: .value(.number(1)),
          doc: "The largest magnitude behind the step; 1 is full scale.")
      ], primary: "peak"))

  private let peak: Double

  init(_ step: Step) { peak = step.values.number("peak") }

  func output(of format: SignalFormat) -> SignalFormat { format }

  func apply(to clip: inout Clip) {
    for channel in clip.channels.indices { Levels.peakNormalize(&clip.channels[channel], peak: peak) }
  }
}

/// `rms_normalize`: one level for all clips.
struct RMSNormalize: AudioStep {
  static let kind = Kind(
    "rms_normalize", summary: "Scales each channel so that its level (root of the mean square) is `db`.",
    formula: "y = x 10^(db / 20) / sqrt(mean of x^2); silence stays silence. The shape stays; peaks may exceed 1.",
    example: "audio: [resample: 16000, mono, rms_normalize: {db: -20}]",
    table: FieldTable(
      [
        Field(
          "db", .number(min: -120, max: 60), default: .value(.number(-20)),
          doc: "The level behind the step in decibels; 0 is the level of a full-scale square wave.")
      ], primary: "db"))

  private let decibels: Double

  init(_ step: Step) { decibels = step.values.number("db") }

  func output(of format: SignalFormat) -> SignalFormat { format }

  func apply(to clip: inout Clip) {
    for channel in clip.channels.indices { Levels.rmsNormalize(&clip.channels[channel], decibels: decibels) }
  }
}
