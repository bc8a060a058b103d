import TensorRuntime

/// Whether the weights of one model can be taken over by another: by name and shape.
public struct TensorComparison: Sendable {
  /// A tensor of a checkpoint.
  public struct Tensor: Sendable, Equatable {
    /// `time_path.conv_block_1.conv1d.weight`
    public let name: String
    public let shape: [Int]

    public init(name: String, shape: [Int]) {
      self.name = name
      self.shape = shape
    }
  }

  /// How many of the second model's tensors the first has in their shape.
  public let matching: Int
  /// How many tensors the second model has.
  public let wanted: Int
  /// Tensors that the first lacks.
  public let missing: [Tensor]
  /// Tensors that the first has in another shape.
  public let reshaped: [(before: Tensor, after: Tensor)]
  /// Tensors of the first that the second has no use for.
  public let unused: [Tensor]

  public init(_ a: [Tensor], into b: [Tensor]) {
    let known = Dictionary(a.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let wantedNames = Set(b.map(\.name))
    missing = b.filter { known[$0.name] == nil }
    reshaped = b.compactMap { tensor in
      known[tensor.name].flatMap { $0.shape == tensor.shape ? nil : ($0, tensor) }
    }
    unused = a.filter { !wantedNames.contains($0.name) }
    wanted = b.count
    matching = b.count - missing.count - reshaped.count
  }
}

extension LayerGraph {
  /// The trainable tensors by their names in checkpoints.
  public var tensors: [TensorComparison.Tensor] {
    parameters.map { TensorComparison.Tensor(name: $0.name, shape: $0.spec.shape.extents) }
  }
}
