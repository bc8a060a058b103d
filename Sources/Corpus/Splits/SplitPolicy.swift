import Diagnostics
import Spec

/// A way to divide clips into sets. A new one is a file with a type of this kind and a line in `SplitCatalog.policies`.
protocol SplitPolicy: Sendable {
  /// Name, fields and documentation.
  static var kind: Kind { get }

  /// Reads the fields of a step of this kind. Throws what its table cannot check.
  init(_ step: Step) throws

  /// What no two sets have in common, such as `speaker`; nil where the policy does not see to that.
  var keptApart: String? { get }

  /// What does not fit `corpus`, before its clips are known.
  func check(_ corpus: CorpusSpec) -> [Diagnostic]

  /// Divides `clips`. Throws a `DiagnosticFailure` where they are too few.
  func split(_ clips: [ClipReference]) throws -> Split
}

extension SplitPolicy {
  var keptApart: String? { nil }

  func check(_ corpus: CorpusSpec) -> [Diagnostic] { [] }

  /// An error where the files of `corpus` say that its clips will not have `attribute`; columns of a table are known later.
  func checkAttribute(_ attribute: Located<String>, in corpus: CorpusSpec) -> [Diagnostic] {
    guard let known = attributeNames(of: corpus), !known.contains(attribute.value) else { return [] }
    return [
      Diagnostic(
        "split.field_unknown", .error, "the corpus does not tell the '\(attribute.value)' of its clips",
        detail: "It tells " + known.joined(separator: ", ")
          + ". Say in the corpus file where it stands: in the name pattern or in a column of a table.",
        at: attribute.span, suggestion: nearest(attribute.value, in: known))
    ]
  }
}

/// The policies that `split: {policy: ...}` can name.
public enum SplitCatalog {
  static let policies: [any SplitPolicy.Type] = [
    StratifiedPolicy.self, RandomPolicy.self, GroupPolicy.self, LeaveOneSpeakerOutPolicy.self, KFoldPolicy.self,
    ColumnPolicy.self, FilesPolicy.self, ByCorpusPolicy.self,
  ]

  /// What the language needs to know of them: the `.splitPolicy` part of the vocabulary.
  public static let kinds: [Kind] = policies.map { $0.kind }

  /// Divides `clips` as `step`, a step of one of `kinds`, says.
  ///
  /// Throws a `DiagnosticFailure` where a field does not fit (`split.*`) or the clips are too few (`data.*`).
  public static func split(_ clips: [ClipReference], by step: Step) throws -> Split {
    try policy(of: step).split(clips)
  }

  /// What can be said of `step` and `corpus` without clips; empty where nothing is wrong.
  public static func check(_ step: Step, corpus: CorpusSpec? = nil) -> [Diagnostic] {
    do {
      let policy = try policy(of: step)
      return corpus.map(policy.check) ?? []
    } catch let failure as DiagnosticFailure {
      return failure.diagnostics
    } catch {
      return [Diagnostic("split.policy", .error, "\(error)", at: step.span)]
    }
  }

  /// Whether `step` draws clips without looking at their speakers and does not say that this is meant.
  public static func sharesSpeakersUnsaid(_ step: Step) -> Bool {
    let field = SplitFields.speakersShared.name
    guard step.values.has(field), !step.values.boolean(field) else { return false }
    return (try? policy(of: step))?.keptApart != "speaker"
  }

  private static func policy(of step: Step) throws -> any SplitPolicy {
    guard let policy = policies.first(where: { $0.kind.name == step.kind.value }) else {
      preconditionFailure("no split policy is called '\(step.kind.value)': the step was not decoded with our kinds")
    }
    return try policy.init(step)
  }
}
