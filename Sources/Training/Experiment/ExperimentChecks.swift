import Corpus
import Diagnostics
import Spec

/// Everything that can be said of a spec without its corpus's audio, beyond what its field tables say.
public enum ExperimentChecks {
  /// Checks shapes, name pattern, split sizes and schedule, and gives the model where its shapes fit.
  ///
  /// - Returns: findings of all parts in one go; `model` is nil where there is an error in the model or its features.
  public static func check(_ spec: ExperimentSpec) -> (model: ModelDescription?, diagnostics: [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    func collect<Value>(_ body: () throws -> Value) -> Value? {
      do {
        return try body()
      } catch let failure as DiagnosticFailure {
        diagnostics += failure.diagnostics
      } catch {
        diagnostics.append(Diagnostic("run.unexpected", "\(error)"))
      }
      return nil
    }
    let model = collect { try ModelDescription(spec) }
    // Where the features do not fit together, that has been said already.
    if let pipeline = try? FeaturePipeline(spec) { _ = collect { try Augmentation(spec, pipeline: pipeline) } }
    let layout = CorpusLayout.check(spec.corpus)
    diagnostics += layout
    if layout.isEmpty, spec.corpus.synthesizer != nil {
      _ = collect { try SpeechSynthesizer(corpus: spec.corpus) }
    }
    diagnostics += SplitCatalog.check(spec.split, corpus: spec.corpus)
    diagnostics += TrainingChecks.check(spec)
    diagnostics += TrackerCatalog.check(spec.track)
    return (model, diagnostics)
  }
}
