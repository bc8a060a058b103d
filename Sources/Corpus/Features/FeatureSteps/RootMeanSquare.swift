import Audio
import Spec

/// `rms`: the level of each frame.
struct RootMeanSquare: WaveformFeature {
  static let kind = Kind(
    "rms", summary: "The root of the mean square of each frame, as in librosa.",
    formula: """
      r[t] = sqrt(sum over frame t of x[i]^2 / frame_length). waveform -> [1, T], T = samples / hop_length + 1.
      Frames are centred; beyond the ends there are zeros.
      """,
    example: "- rms: {frame_length: 512, hop_length: 160}",
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

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix { signal.rootMeanSquare(analysis.samples) }
}
