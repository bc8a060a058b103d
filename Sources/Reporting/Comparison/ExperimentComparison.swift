import Corpus
import Planning
import Spec
import Syntax
import Training

/// Everything that differs between two experiments, and what follows from it.
public struct ExperimentComparison: Sendable {
  /// One of the two.
  public struct Side: Sendable {
    /// What the user called it: a path.
    public let title: String
    public let spec: ExperimentSpec
    public let model: ModelDescription
    /// The tensors of its checkpoint, or those that its model would have.
    public let tensors: [TensorComparison.Tensor]

    /// - Parameter tensors: those of a run's checkpoint; nil takes those of the model.
    public init(
      _ title: String, _ spec: ExperimentSpec, _ model: ModelDescription, tensors: [TensorComparison.Tensor]? = nil
    ) {
      self.title = title
      self.spec = spec
      self.model = model
      self.tensors = tensors ?? model.graph.tensors
    }
  }

  /// What became of a feature that the second experiment uses.
  public struct FeatureReuse: Sendable {
    public let name: String
    /// Why its values cannot be taken over; empty where they can.
    public let reasons: [String]
  }

  public let before: Side
  public let after: Side
  /// Outside the model.
  public let values: [ValueChange]
  public let model: ModelComparison
  public let features: [FeatureReuse]
  /// Why other clips train and test; empty where they are the same.
  public let splitReasons: [String]
  public let checkpoint: TensorComparison

  /// Whether both say the same experiment and so give the same results.
  public var isSame: Bool { before.spec.hash == after.spec.hash }

  /// Compares two experiments that were resolved with `vocabulary`.
  public init(_ before: Side, _ after: Side, vocabulary: Vocabulary = .standard) {
    self.before = before
    self.after = after
    let (a, b) = (before.spec.values(vocabulary), after.spec.values(vocabulary))
    let comparison = ValueComparison(a, b)
    values = comparison.changes
    model = ModelComparison(
      ModelComparison.Model(before.spec, values: a, graph: before.model.graph),
      ModelComparison.Model(after.spec, values: b, graph: after.model.graph),
      renamedFeatures: comparison.renamedFeatures)
    features = Self.reuse(
      of: after.spec.usedFeatures.map(\.name.value), known: Set(before.spec.usedFeatures.map(\.name.value)), comparison)
    splitReasons = Self.areas([.corpus, .split], in: comparison.changes) { !$0.path.hasPrefix("on_bad_clip") }
    checkpoint = TensorComparison(before.tensors, into: after.tensors)
  }

  /// The values of a feature depend on the corpus, the audio chain, the length that clips are brought to and its steps.
  private static func reuse(of names: [String], known: Set<String>, _ comparison: ValueComparison) -> [FeatureReuse] {
    let shared = areas([.corpus, .audio, .length], in: comparison.changes) { !$0.path.hasPrefix("on_bad_clip") }
    let formerNames = Dictionary(comparison.renamedFeatures.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return names.map { name in
      guard known.contains(formerNames[name] ?? name) else {
        return FeatureReuse(name: name, reasons: ["not used before"])
      }
      let path = "features.\(name)"
      let hasOtherSteps = comparison.changes.contains { change in
        change.path.hasPrefix(path + ".") || (change.path == path && ![.renamed, .moved].contains(change.kind))
      }
      return FeatureReuse(
        name: name, reasons: shared.map { "other \($0)" } + (hasOtherSteps ? ["other steps"] : []))
    }
  }

  private static func areas(_ areas: [SpecArea], in changes: [ValueChange], where counts: (ValueChange) -> Bool)
    -> [String]
  {
    areas.filter { area in changes.contains { $0.area == area && counts($0) } }.map(\.rawValue)
  }
}
