import Spec

/// What `augment` of a spec can name. A new kind is one file and one line here.
public enum AugmentationCatalog {
  static let waveformSteps: [any WaveformAugmentation.Type] = [
    NoiseStep.self,
    GainStep.self,
    ShiftStep.self,
    TimeStretchStep.self,
    PitchShiftStep.self,
  ]

  /// The `.augmentation` part of the vocabulary: changes of waveforms, then of features, then of batches.
  public static let kinds: [Kind] = waveformSteps.map { $0.kind } + [SpecAugmentStep.kind, MixupStep.kind]

  /// The change of waveforms that `step` names; nil where it names one of features or batches. Throws a `DiagnosticFailure` where its
  /// fields make no sense together.
  static func waveformStep(_ step: Step) throws -> (any WaveformAugmentation)? {
    try waveformSteps.first { $0.kind.name == step.kind.value }?.init(step)
  }
}
