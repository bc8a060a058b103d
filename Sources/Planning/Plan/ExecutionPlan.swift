import TensorRuntime

/// Everything that running one batch shape takes, decided ahead: the operations in order and the place of every buffer.
///
/// The schedule has a step for each operation forward (0..<n), one for the loss (n), and one for each operation
/// backward in reverse (n + 1 ... 2n); a buffer lives from the step that writes it to the last that reads it.
public struct ExecutionPlan: Sendable {
  /// One operation with the offsets of its buffers in the arena, in floats.
  public struct Step: Sendable {
    public let operation: any Operation
    /// The layer that the operation came from.
    public let layer: String
    public let inputs: [Int]
    public let output: Int
    public let saved: [Int]
    public let forwardScratch: Int
    /// Indices into the model's parameters.
    public let parameters: [Int]
    /// Indices into the model's states.
    public let states: [Int]
    /// Names the operation's random numbers among those of a training step.
    public let stream: UInt64
    /// What backward needs; nil in inference, and for operations that no parameter lies before.
    public let backward: Backward?
  }

  /// The buffers of one backward call.
  public struct Backward: Sendable {
    /// Outputs that were given up after the forward pass, to be made again before this call, in this order.
    public let recomputed: [Recomputed]
    /// Where the values of the inputs and the output are by then, if `gradientReads` asks for them.
    public let inputs: [Int]
    public let output: Int
    public let outputGradient: Int
    /// nil where nobody wants that gradient.
    public let inputGradients: [Int?]
    public let accumulate: [Bool]
    public let scratch: Int
  }

  /// A second forward call of an operation that is `Recomputable`.
  public struct Recomputed: Sendable {
    /// The number of the operation's step.
    public let step: Int
    public let inputs: [Int]
    public let output: Int
    public let scratch: Int
  }

  /// A stretch of the arena and the steps of the schedule during which it is taken.
  public struct Buffer: Sendable {
    /// What a buffer holds.
    public enum Role: String, Hashable, Sendable {
      case feature
      case output
      case gradient
      case parameterGradient = "gradient of a parameter"
      /// What an operation keeps from forward to backward beside its inputs and output.
      case saved
      case forwardScratch = "forward scratch"
      case backwardScratch = "backward scratch"
    }

    public let role: Role
    /// Index into `steps` of the operation that the buffer belongs to, for a gradient the one whose output it is of; nil for
    /// features.
    public let operation: Int?
    /// From the arena's start, in floats.
    public let offset: Int
    public let floats: Int
    /// The first step of the schedule that writes it and the last that reads it.
    public let first: Int
    public let last: Int
  }

  public let batch: Int
  public let steps: [Step]
  /// Where the features go: offset and count in floats, in the order of the graph's inputs.
  public let inputs: [(offset: Int, count: Int)]
  /// Where the logits are.
  public let output: Int
  /// Where the loss puts the gradient of the logits; nil in inference.
  public let outputGradient: Int?
  /// Size of the arena in floats. In training it begins with the gradients of the parameters, in the layout of
  /// `ModelParameters`: what lies in the place of one is gone before that is written.
  public let arenaFloats: Int
  /// All buffers that take room, in no particular order.
  public let buffers: [Buffer]
}
