import Diagnostics
import Spec

/// A way to divide clips into sets. A new one is a file with a type of this kind and a line in `SplitCatalog.policies`.
protocol SplitPolicy: Sendable {
  /// Name, fields and documentation.
  static var kind: Kind { get }

  /// Reads the fields of a step of this kind. Throws what its table cannot check.
  init(_ step: Step) throws

  /// Divides `clips`. Throws a `DiagnosticFailure` where they are too few.
  func split(_ clips: [ClipReference]) throws -> Split
}

/// The policies that `split: {policy: ...}` can name.
public enum SplitCatalog {
  static let policies: [any SplitPolicy.Type] = [
    StratifiedPolicy.self
  ]

  /// What the language needs to know of them: the `.splitPolicy` part of the vocabulary.
  public static let kinds: [Kind] = policies.map { $0.kind }

  /// Divides `clips` as `step`, a step of one of `kinds`, says.
  ///
  /// Throws a `DiagnosticFailure` where a field does not fit (`split.*`) or the clips are too few (`data.*`).
  public static func split(_ clips: [ClipReference], by step: Step) throws -> Split {
    try policy(of: step).split(clips)
  }

  /// What can be said of `step` without clips; empty where nothing is wrong.
  public static func check(_ step: Step) -> [Diagnostic] {
    do {
      _ = try policy(of: step)
      return []
    } catch let failure as DiagnosticFailure {
      return failure.diagnostics
    } catch {
      return [Diagnostic("split.policy", .error, "\(error)", at: step.span)]
    }
  }

  /// The field of policies that draw clips without looking at speakers.
  static let sharingField = "speakers_shared"

  /// Whether `step` draws clips without looking at their speakers and does not say that this is meant.
  public static func sharesSpeakersUnsaid(_ step: Step) -> Bool {
    step.values.has(sharingField) && !step.values.boolean(sharingField)
  }

  private static func policy(of step: Step) throws -> any SplitPolicy {
    guard let policy = policies.first(where: { $0.kind.name == step.kind.value }) else {
      preconditionFailure("no split policy is called '\(step.kind.value)': the step was not decoded with our kinds")
    }
    return try policy.init(step)
  }
}
