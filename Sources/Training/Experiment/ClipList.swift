import Corpus
import Diagnostics
import Spec

/// The clips of an experiment's corpus, found and labelled; no audio is read yet.
public struct ClipList: Sendable {
  /// In the order that splits count by.
  public let clips: [ClipReference]
  public let warnings: [Diagnostic]
  /// Audio files that are no clips of the corpus.
  public let leftOut: [LeftOutFile]

  /// Lists the clips: those of `manifest` if given, of a corpus that is synthesized, or of the folder `data` or the corpus's own.
  ///
  /// - Throws: `DiagnosticFailure` (`data.*`) where there are none, or the names do not fit.
  public init(_ spec: ExperimentSpec, data: String? = nil, manifest: String? = nil) throws {
    if manifest == nil, data == nil, spec.corpus.synthesizer != nil {
      clips = try demoClips(corpus: spec.corpus)
      (warnings, leftOut) = ([], [])
      return
    }
    let scan =
      if let manifest {
        try references(manifest: manifest, corpus: spec.corpus)
      } else {
        try Corpus.scan(corpus: spec.corpus, root: try corpusRoot(spec.corpus, dataOption: data))
      }
    clips = scan.clips
    warnings = scan.warnings
    leftOut = scan.leftOut
  }

  /// Divides the clips as the spec's split policy says.
  ///
  /// - Throws: `DiagnosticFailure` where they are too few.
  public func split(by policy: Step) throws -> Split { try SplitCatalog.split(clips, by: policy) }

  /// A warning where speakers stand on both sides of the split.
  public func leakage(of split: Split) -> [Diagnostic] {
    guard let overlap = speakersShared(split, clips: clips), overlap.testShared > 0 else { return [] }
    return [
      Diagnostic(
        "split.speakers_shared", .warning,
        "\(overlap.testShared) of the test set's \(overlap.testSpeakers) speakers also train, "
          + "and \(overlap.valShared) of the validation set's \(overlap.valSpeakers)",
        detail: "The figures tell how well the model does on these voices, not on new ones.")
    ]
  }
}
