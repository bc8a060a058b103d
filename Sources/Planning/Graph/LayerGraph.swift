import Diagnostics
import Layers
import TensorRuntime

/// The model as a list of layers with shapes: what `show --graph` prints and what plans are made from.
public struct LayerGraph: Sendable {
  /// The features that the model reads, in the order in which the executor takes them.
  public let inputs: [GraphInput]
  /// Layers and combinators, each behind everything that it reads.
  public let nodes: [GraphNode]
  /// Where the logits come from.
  public let output: GraphReference

  /// Trainable parameters in the order of the nodes.
  public var parameters: [NamedParameter] { nodes.flatMap(\.parameters) }
  /// Running statistics and the like, in the order of the nodes.
  public var states: [NamedParameter] { nodes.flatMap(\.states) }
  /// The number of trainable values.
  public var parameterCount: Int { nodes.reduce(0) { $0 + $1.parameterCount } }
  /// Multiply-adds of one sample at the nominal input shapes.
  public var multiplyAdds: Int { nodes.reduce(0) { $0 + $1.multiplyAdds } }
}

/// A feature as the model sees it.
public struct GraphInput: Sendable {
  public let name: String
  /// The shape of one sample, with the clip's length as a variable where the length policy leaves it open.
  public let shape: SampleShape
  /// The shape that counts are given for: the shape itself, or that of a clip of nominal length.
  public let nominalShape: [Int]
  /// Whether clips of a batch have lengths of their own along the last axis, which layers must heed.
  public let isMasked: Bool

  public init(name: String, shape: SampleShape, nominalShape: [Int], isMasked: Bool = false) {
    self.name = name
    self.shape = shape
    self.nominalShape = nominalShape
    self.isMasked = isMasked
  }
}

/// What a node reads.
public enum GraphReference: Hashable, Sendable {
  /// An index into `LayerGraph.inputs`.
  case input(Int)
  /// An index into `LayerGraph.nodes`.
  case node(Int)
}

/// One layer or combinator in place.
public struct GraphNode: Sendable {
  public enum Body: Sendable {
    case layer(any Layer)
    case combinator(any Combinator)

    /// The kind's name: `conv1d`, `add`.
    public var kind: String {
      switch self {
      case .layer(let layer): type(of: layer).kind.name
      case .combinator(let combinator): type(of: combinator).kind.name
      }
    }
  }

  /// `time_path.conv_block_1.conv1d`: node and label; it prefixes parameter names.
  public let name: String
  /// `conv1d`
  public let kind: String
  public let body: Body
  public let inputs: [GraphReference]
  /// The output of one sample.
  public let outputShape: SampleShape
  /// The output of one sample of nominal length.
  public let nominalShape: [Int]
  public let parameters: [NamedParameter]
  /// Values that training changes without an optimizer.
  public let states: [NamedParameter]
  /// Multiply-adds of one sample of nominal length.
  public let multiplyAdds: Int
  /// Where the layer stands in the spec.
  public let span: SourceSpan

  /// The number of trainable values.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.spec.shape.count } }
}

/// A trainable parameter, or a state, and its name in checkpoints.
public struct NamedParameter: Sendable {
  /// `time_path.conv_block_1.conv1d.weight`
  public let name: String
  public let spec: ParameterSpec

  public init(name: String, spec: ParameterSpec) {
    self.name = name
    self.spec = spec
  }
}
