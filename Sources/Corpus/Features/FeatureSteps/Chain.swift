import Audio
import Diagnostics
import Spec

/// `chain`: several steps in turn, where one is expected.
struct Chain: FeatureStep {
  static let kind = Kind(
    "chain", summary: "Applies several steps in turn where one step is expected, as within a stack.",
    formula: "The shape is that of the last step.",
    example: "- stack: {features: [rms: {hop_length: 200}, chain: {steps: [mel_spectrogram, power_to_db]}]}",
    table: FieldTable(
      [Field("steps", .steps(.featureStep), doc: "The steps, each applied to what the one before gives.")],
      primary: "steps"))

  let steps: [any FeatureStep]
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try self.init(step.values.steps("steps"), of: "the chain", input: input, rate: rate, at: step.span)
  }

  /// The chain of `written`; `name` stands for it in messages.
  init(_ written: [Step], of name: String, input: FeatureType, rate: Int, at span: SourceSpan) throws {
    var (type, steps): (FeatureType, [any FeatureStep]) = (input, [])
    for step in written {
      let made = try FeatureCatalog.featureStep(step, input: type, rate: rate)
      steps.append(made)
      type = made.output
    }
    guard !steps.isEmpty else {
      throw DiagnosticFailure([
        Diagnostic(
          "feature.empty", .error, "\(name) has no steps",
          detail: "Name at least one step that starts from the waveform, such as mel_spectrogram.", at: span)
      ])
    }
    self.steps = steps
    output = type
  }

  var minimumSamples: Int { steps.map(\.minimumSamples).max() ?? 1 }

  var silenceMargin: Int? { extensible.steps == steps.count ? extensible.margin : nil }

  /// The leading steps behind which silence only appends copies of the last frame, and the margin that they need.
  var extensible: (steps: Int, margin: Int) {
    let margins = steps.prefix { $0.silenceMargin != nil }.compactMap(\.silenceMargin)
    return (margins.count, margins.reduce(0, +))
  }

  func apply(_ input: FeatureValue, of analysis: WaveformAnalysis) -> FeatureValue {
    steps.reduce(input) { $1.apply($0, of: analysis) }
  }
}
