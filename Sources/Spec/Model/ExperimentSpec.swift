import Diagnostics
import Syntax

/// A whole experiment: every parameter replaced, every block expanded, every default filled in, every value with its origin.
public struct ExperimentSpec: Sendable {
  /// The name of runs; the file's name without its ending where the spec has none.
  public let name: String
  /// Seed of weights, shuffling and dropout. The split has its own.
  public let seed: Int
  public let corpus: CorpusSpec
  /// The chain from a decoded file to the waveform that features are computed from.
  public let audio: [Step]
  /// What to do with a clip that cannot be used.
  public let onBadClip: BadClipPolicy
  /// A kind of `.lengthPolicy`.
  public let length: Step
  /// In written order.
  public let features: [FeatureSpec]
  /// Random changes of training clips, kinds of `.augmentation`, in written order.
  public let augment: [Step]
  /// A kind of `.splitPolicy`.
  public let split: Step
  public let model: ModelSpec
  public let train: TrainingSpec
  /// Viewers that the run is written for, kinds of `.tracker`. They change no result and do not count for the hash.
  public let track: [Step]
  /// The parameters with their values in written order, and the values of a sweep's cell that are no parameters, by their paths. A
  /// resolved spec has none.
  public internal(set) var parameters: [(name: String, value: Node)] = []
  /// The spec as a tree that resolves to the same experiment again, all defaults written out.
  public let resolved: Node
  /// SHA-256 of the canonical text of `resolved` in lower-case hex.
  public let hash: String
}

extension ExperimentSpec {
  /// The features that a node uses, in written order. Others, as an extended file may hold, need not be computed.
  public var usedFeatures: [FeatureSpec] {
    let inputs = Set(model.nodes.flatMap(\.inputs).map(\.value))
    return features.filter { inputs.contains($0.name.value) }
  }
}

public enum BadClipPolicy: String, Sendable, CaseIterable {
  /// The run does not start.
  case error
  /// The clip is left out and listed in the records.
  case skip
}

/// A named feature: a chain of steps from the waveform to a tensor.
public struct FeatureSpec: Sendable {
  public let name: Located<String>
  public let steps: [Step]
}

/// The model as named nodes in written order; `logits` is the output.
public struct ModelSpec: Sendable {
  public let nodes: [ModelNode]
  public let span: SourceSpan
}

/// One named node: where its input comes from, the layers applied to it, and what is expected of it.
public struct ModelNode: Sendable {
  public enum Source: Sendable {
    /// A feature or another node.
    case from(Located<String>)
    /// A kind of `.combinator` over features or other nodes.
    case combined(Step, of: [Located<String>])
  }

  public let name: Located<String>
  public let source: Source
  public let layers: [Step]
  public let expect: Expectation?
  public let span: SourceSpan

  /// The features or nodes that feed this one.
  public var inputs: [Located<String>] {
    switch source {
    case .from(let name): [name]
    case .combined(_, let names): names
    }
  }
}

/// What `validate` checks of a node.
public struct Expectation: Sendable {
  /// The output shape without the batch axis; nil entries are free.
  public let shape: Located<[Int?]>?
  /// Parameters of the node's own layers.
  public let parameters: Located<Int>?
}
