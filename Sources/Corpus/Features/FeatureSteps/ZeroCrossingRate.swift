import Audio
import Spec

/// `zero_crossing_rate`: how often the sign changes.
struct ZeroCrossingRate: WaveformFeature {
  static let kind = Kind(
    "zero_crossing_rate", summary: "The share of samples whose sign differs from the one before, as in librosa.",
    formula: """
      r[t] = #{i in frame t: sign x[i] != sign x[i-1]} / frame_length. waveform -> [1, T], T = samples / hop_length + 1.
      Frames are centred; beyond the ends the end samples repeat.
      """,
    example: "- zero_crossing_rate: {frame_length: 512, hop_length: 160}",
    table: FieldTable([FrameFields.frameLength, FrameFields.hopLength]))

  private let signal: FramedSignal
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireWaveform(input, at: step)
    signal = FramedSignal(length: step.values.integer("frame_length"), hop: step.values.integer("hop_length"))
    output = .frames(rows: 1, FrameCount(length: signal.length, hop: signal.hop), isPower: true)
  }

  var frameLength: Int { signal.length }
  var hop: Int { signal.hop }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix { signal.zeroCrossingRate(analysis.samples) }
}
