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

  /// The names of the corpus's classes.
  private let classNames: [String]

  /// Lists the clips: those of `manifest` if given, of a corpus that is synthesized, or of the folders that `data` or
  /// the corpus files name.
  ///
  /// - Parameter data: the arguments of `--data`: a folder, or `NAME=DIR` for each of joined corpora.
  /// - Throws: `DiagnosticFailure` (`data.*`) where there are none, or the names do not fit.
  public init(_ spec: ExperimentSpec, data: [String] = [], manifest: String? = nil) throws {
    try self.init(corpus: spec.corpus, data: data, manifest: manifest)
  }

  /// The same of a corpus that need not be an experiment's.
  public init(corpus: CorpusSpec, data: [String] = [], manifest: String? = nil) throws {
    classNames = corpus.classes.map(\.name)
    if manifest == nil, data.isEmpty, corpus.synthesizer != nil {
      clips = try demoClips(corpus: corpus)
      (warnings, leftOut) = ([], [])
      return
    }
    let scan =
      if let manifest {
        try references(manifest: manifest, corpus: corpus)
      } else {
        try Corpus.scan(corpus: corpus, folders: try CorpusFolders(data, corpus: corpus))
      }
    clips = scan.clips
    warnings = scan.warnings
    leftOut = scan.leftOut
  }

  /// Divides the clips as the spec's split policy says.
  ///
  /// - Throws: `DiagnosticFailure` where they are too few, or do not tell what the policy needs.
  public func split(by policy: Step) throws -> Split { try SplitCatalog.split(clips, by: policy) }

  /// What makes the figures of `split` say less than they seem to: a warning where speakers stand on both sides of it,
  /// where a set lacks a class, and where clips are in no set.
  public func leakage(of split: Split) -> [Diagnostic] {
    sharedSpeakers(split) + split.warnings(clips, classNames: classNames)
  }

  /// A warning where speakers stand on both sides of the split.
  func sharedSpeakers(_ split: Split) -> [Diagnostic] {
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
