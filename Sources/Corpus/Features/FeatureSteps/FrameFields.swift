import Spec

/// Fields that several features have in common, with librosa's names and defaults.
enum FrameFields {
  static let frameLength = Field(
    "frame_length", .integer(min: 1, max: 1 << 20), default: .value(.integer(2048)), doc: "Samples a frame.")

  static let hopLength = Field(
    "hop_length", .integer(min: 1, max: 1 << 20), default: .value(.integer(512)),
    doc: "Samples from one frame to the next.")

  static let fftLength = Field(
    "n_fft", .integer(min: 2, max: 1 << 20), default: .value(.integer(2048)),
    doc: "Samples a frame, weighted by a Hann window.")
}
