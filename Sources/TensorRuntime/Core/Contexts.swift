/// The memory and circumstances of one forward call. Pointers are valid for the call only.
public struct ForwardContext: ~Copyable {
  public let inputs: [UnsafePointer<Float>]
  public let output: UnsafeMutablePointer<Float>
  public let parameters: [UnsafePointer<Float>]
  /// In the order of the operation's `states`; written in training only.
  public let states: [UnsafeMutablePointer<Float>]
  public let saved: [UnsafeMutablePointer<Float>]
  public let scratch: UnsafeMutablePointer<Float>
  public let pool: WorkerPool
  /// False in validation and test: dropout passes its input through, and nothing need be saved.
  public let training: Bool
  /// Names the random numbers of this step; the same in forward and backward of one step.
  public let randomKey: RandomKey

  public init(
    inputs: [UnsafePointer<Float>], output: UnsafeMutablePointer<Float>, parameters: [UnsafePointer<Float>],
    states: [UnsafeMutablePointer<Float>] = [], saved: [UnsafeMutablePointer<Float>],
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool, training: Bool, randomKey: RandomKey
  ) {
    self.inputs = inputs
    self.output = output
    self.parameters = parameters
    self.states = states
    self.saved = saved
    self.scratch = scratch
    self.pool = pool
    self.training = training
    self.randomKey = randomKey
  }
}

/// The memory and circumstances of one backward call.
public struct BackwardContext: ~Copyable {
  /// Valid where `gradientReads` has `.inputs`.
  public let inputs: [UnsafePointer<Float>]
  /// Valid where `gradientReads` has `.output`.
  public let output: UnsafePointer<Float>
  /// Nobody reads it after this call, so that an operation may change it (see `EpilogueHost`).
  public let outputGradient: UnsafePointer<Float>
  /// nil where nobody wants that gradient, as for features.
  public let inputGradients: [UnsafeMutablePointer<Float>?]
  /// Per input: add to what is there (the input has several users) rather than overwrite.
  public let accumulate: [Bool]
  public let parameters: [UnsafePointer<Float>]
  public let parameterGradients: [UnsafeMutablePointer<Float>]
  public let saved: [UnsafeMutablePointer<Float>]
  public let scratch: UnsafeMutablePointer<Float>
  public let pool: WorkerPool
  public let randomKey: RandomKey

  public init(
    inputs: [UnsafePointer<Float>], output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradients: [UnsafeMutablePointer<Float>?], accumulate: [Bool], parameters: [UnsafePointer<Float>],
    parameterGradients: [UnsafeMutablePointer<Float>], saved: [UnsafeMutablePointer<Float>],
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool, randomKey: RandomKey
  ) {
    self.inputs = inputs
    self.output = output
    self.outputGradient = outputGradient
    self.inputGradients = inputGradients
    self.accumulate = accumulate
    self.parameters = parameters
    self.parameterGradients = parameterGradients
    self.saved = saved
    self.scratch = scratch
    self.pool = pool
    self.randomKey = randomKey
  }
}
