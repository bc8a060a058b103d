import Spec

/// What `audio`, `features` and `length` of a spec can name. A new kind is one file and one line here.
public enum FeatureCatalog {
  static let audioSteps: [any AudioStep.Type] = [
    Resample.self,
    Mono.self,
    Trim.self,
    VoiceActivity.self,
    PreEmphasis.self,
    ZScore.self,
    PeakNormalize.self,
    RMSNormalize.self,
  ]

  static let featureSteps: [any FeatureStep.Type] = [
    ZeroCrossingRate.self,
    RootMeanSquare.self,
    ChromaSTFT.self,
    MFCC.self,
    MelSpectrogram.self,
    LogMel.self,
    SpectralCentroid.self,
    SpectralBandwidth.self,
    SpectralRolloff.self,
    SpectralFlatness.self,
    SpectralContrastStep.self,
    YinStep.self,
    Stack.self,
    Chain.self,
    Identity.self,
    DeltaStep.self,
    Log.self,
    PowerToDecibels.self,
    AmplitudeToDecibels.self,
    MinMax.self,
    ZScoreFeature.self,
    Resize.self,
    MeanOverTime.self,
    Statistics.self,
    Standardize.self,
  ]

  static let lengthPolicies: [any LengthPolicy.Type] = [
    FixedLength.self,
    BatchLongest.self,
  ]

  /// The `.audioStep`, `.featureStep` and `.lengthPolicy` parts of the vocabulary.
  public static let kinds: [VocabularyPart: [Kind]] = [
    .audioStep: audioSteps.map { $0.kind },
    .featureStep: featureSteps.map { $0.kind },
    .lengthPolicy: lengthPolicies.map { $0.kind },
  ]

  static func audioStep(_ step: Step) -> any AudioStep {
    type(of: step, among: audioSteps, named: { $0.kind.name }).init(step)
  }

  /// The step on values of the type `input`. Throws a `DiagnosticFailure` where it does not fit.
  static func featureStep(_ step: Step, input: FeatureType, rate: Int) throws -> any FeatureStep {
    try type(of: step, among: featureSteps, named: { $0.kind.name }).init(step, input: input, rate: rate)
  }

  static func lengthPolicy(_ step: Step) -> any LengthPolicy {
    type(of: step, among: lengthPolicies, named: { $0.kind.name }).init(step)
  }

  private static func type<Kinds>(of step: Step, among types: [Kinds], named name: (Kinds) -> String) -> Kinds {
    guard let found = types.first(where: { name($0) == step.kind.value }) else {
      preconditionFailure("'\(step.kind.value)' is not in the catalog: the step was not decoded with its kinds")
    }
    return found
  }
}
