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

/// A corpus as data: where labels and speakers stand in file names, and which classes there are.
public struct CorpusSpec: Sendable {
  public let name: String
  public let title: String
  /// How to get the audio, shown where it is missing.
  public let obtain: String
  public let licence: String
  /// The folder of the audio as written, `${env.NAME}` not yet replaced; empty where only `--data` can tell.
  public let root: FieldValue
  /// The name pattern, such as `{speaker}_{sentence}_{emotion}_{intensity}`, without the ending.
  public let pattern: Located<String>
  /// Endings of audio files, lower case, without the dot.
  public let extensions: [String]
  /// The pattern's field that holds the class code.
  public let labelField: Located<String>
  /// The pattern's field that names the speaker; nil where names do not tell.
  public let speakerField: Located<String>?
  /// Class codes as they stand in names, with the class's name, in index order.
  public let classes: [(code: Located<String>, name: String)]
  /// Present where the audio is not recorded but synthesized: speakers, sentences and seed of the demo corpus.
  public let synthesizer: FieldValues?
  public let span: SourceSpan

  package init(
    name: String, title: String, obtain: String, licence: String, root: FieldValue, pattern: Located<String>,
    extensions: [String], labelField: Located<String>, speakerField: Located<String>?,
    classes: [(code: Located<String>, name: String)], synthesizer: FieldValues?, span: SourceSpan
  ) {
    self.name = name
    self.title = title
    self.obtain = obtain
    self.licence = licence
    self.root = root
    self.pattern = pattern
    self.extensions = extensions
    self.labelField = labelField
    self.speakerField = speakerField
    self.classes = classes
    self.synthesizer = synthesizer
    self.span = span
  }
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
