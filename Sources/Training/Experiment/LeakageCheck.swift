import Corpus
import Diagnostics
import Spec

/// What `validate` says of speakers that stand on both sides of a split.
public enum LeakageCheck {
  /// A warning where the spec's split lets speakers both train and be tested and the spec does not say that this is
  /// meant: with their number where the names of the clips can be had.
  ///
  /// - Parameters:
  ///   - data: the corpus's folders, as `--data` gives them.
  ///   - manifest: a list of names in its place.
  /// - Throws: `DiagnosticFailure` where a folder or list that was given cannot be read, or holds too few clips.
  public static func warnings(_ spec: ExperimentSpec, data: [String], manifest: String?) throws -> [Diagnostic] {
    let isGiven = !data.isEmpty || manifest != nil
    guard isGiven || (SplitCatalog.sharesSpeakersUnsaid(spec.split) && spec.corpus.speaker != nil) else {
      return []
    }
    do {
      let clips = try ClipList(spec, data: data, manifest: manifest)
      let split = try clips.split(by: spec.split)
      let others = split.warnings(clips.clips, classNames: spec.corpus.classes.map(\.name))
      guard SplitCatalog.sharesSpeakersUnsaid(spec.split) else { return others }
      return clips.sharedSpeakers(split).map { placed($0, in: spec) } + others
    } catch let failure as DiagnosticFailure {
      if isGiven { throw failure }
      return [
        placed(
          Diagnostic(
            "split.speakers_shared", .warning, "the split does not keep the speakers of '\(spec.corpus.name)' apart",
            detail:
              "How many of them both train and are tested is known where the clips are: give --data or --manifest."
          ), in: spec)
      ]
    }
  }

  private static func placed(_ warning: Diagnostic, in spec: ExperimentSpec) -> Diagnostic {
    let mend = "If that is meant, say so in the split: speakers_shared: true."
    return Diagnostic(
      warning.id, warning.severity, warning.summary,
      detail: [warning.detail, mend].compactMap { $0 }.joined(separator: " "),
      at: spec.split.span)
  }
}
