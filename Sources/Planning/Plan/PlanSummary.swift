import TensorRuntime

/// What a plan does and what memory it takes, operation by operation: the content of `show --plan`.
public struct PlanSummary: Sendable {
  /// One operation in running order. Memory is in bytes.
  public struct Entry: Sendable {
    public let layer: String
    /// `group_norm + silu`
    public let operation: String
    public let inputs: [TensorSpec]
    public let output: TensorSpec
    /// The output, which forward writes whole.
    public let writtenForward: Int
    /// The gradients that backward writes: those of inputs that somebody wants, and of parameters.
    public let writtenBackward: Int
    /// What stays from forward until backward has read it: the output, where something backward reads it, and what the
    /// operation saves.
    public let kept: Int
    public let forwardScratch: Int
    public let backwardScratch: Int
    public let choices: [AlgorithmChoice]
  }

  /// A buffer at the moment when most memory is taken.
  public struct Tensor: Sendable {
    /// nil for a feature.
    public let layer: String?
    public let role: ExecutionPlan.Buffer.Role
    public let bytes: Int
  }

  public let batch: Int
  public let mode: ExecutionPlan.Mode
  public let threads: Int
  /// The features with their shapes, the batch in front.
  public let inputs: [(name: String, shape: Shape)]
  public let entries: [Entry]
  /// All buffers of a step in one stretch of memory that they share.
  public let arenaBytes: Int
  /// What the buffers would take if none shared memory with another.
  public let unsharedBytes: Int
  public let parameterBytes: Int
  /// Running statistics and the like.
  public let stateBytes: Int
  /// Gradients of the parameters, a part of the arena; none in inference.
  public let gradientBytes: Int
  /// The step of the schedule at which most memory is taken: `backward of image_path.conv2d`.
  public let peakStep: String
  /// What is taken then; no arena can be smaller.
  public let peakBytes: Int
  /// The buffers that are taken then, largest first.
  public let peakTensors: [Tensor]

  /// Plans `graph` for a batch of clips of nominal length.
  ///
  /// - Parameter threads: the size of the pool; scratch grows with it.
  /// - Throws: `DiagnosticFailure` (`run.batch_too_small`) where a layer cannot take so small a batch.
  public init(_ graph: LayerGraph, batch: Int, mode: ExecutionPlan.Mode, threads: Int) throws {
    let shapes = graph.inputs.map(\.nominalShape)
    let plan = try ExecutionPlan.make(graph, batch: batch, shapes: shapes, mode: mode, threads: threads)
    self.batch = batch
    self.mode = mode
    self.threads = threads
    inputs = zip(graph.inputs, shapes).map { ($0.name, Shape([batch] + $1)) }
    arenaBytes = PlanSummary.bytes(plan.arenaFloats)
    unsharedBytes = PlanSummary.bytes(plan.buffers.reduce(0) { $0 + $1.floats })
    parameterBytes = PlanSummary.bytes(graph.parameterCount)
    stateBytes = PlanSummary.bytes(graph.states.reduce(0) { $0 + $1.spec.shape.count })
    gradientBytes = mode == .training ? parameterBytes : 0

    let loss = plan.steps.count
    var kept = Array(repeating: 0, count: loss)
    var scratch = Array(repeating: (forward: 0, backward: 0), count: loss)
    for buffer in plan.buffers {
      guard let operation = buffer.operation else { continue }
      let bytes = PlanSummary.bytes(buffer.floats)
      switch buffer.role {
      // What is made again after the loss was not kept.
      case .output, .saved: if buffer.first < loss && buffer.last > loss { kept[operation] += bytes }
      case .forwardScratch: scratch[operation].forward += bytes
      case .backwardScratch: scratch[operation].backward += bytes
      case .feature, .gradient, .parameterGradient: break
      }
    }
    entries = zip(plan.steps, zip(kept, scratch)).map { step, memory in
      PlanSummary.entry(step, kept: memory.0, scratch: memory.1)
    }

    var live = Array(repeating: 0, count: 2 * loss + 1)
    for buffer in plan.buffers { for step in buffer.first...buffer.last { live[step] += buffer.floats } }
    let peak = live.indices.max { live[$0] < live[$1] } ?? 0
    peakStep = PlanSummary.name(ofStep: peak, plan)
    peakBytes = PlanSummary.bytes(live[peak])
    peakTensors = plan.buffers.filter { ($0.first...$0.last).contains(peak) }
      .map { buffer in
        Tensor(
          layer: buffer.operation.map { plan.steps[$0].layer }, role: buffer.role,
          bytes: PlanSummary.bytes(buffer.floats))
      }.sorted { $0.bytes > $1.bytes }
  }

  private static func entry(
    _ step: ExecutionPlan.Step, kept: Int, scratch: (forward: Int, backward: Int)
  ) -> Entry {
    let operation = step.operation
    var gradients = 0
    if let backward = step.backward {
      for (input, gradient) in zip(operation.inputs, backward.inputGradients) where gradient != nil {
        gradients += input.shape.count
      }
      gradients += operation.parameters.reduce(0) { $0 + $1.shape.count }
    }
    return Entry(
      layer: step.layer, operation: operation.label, inputs: operation.inputs, output: operation.output,
      writtenForward: bytes(operation.output.shape.count), writtenBackward: bytes(gradients), kept: kept,
      forwardScratch: scratch.forward, backwardScratch: scratch.backward, choices: operation.choices)
  }

  private static func name(ofStep step: Int, _ plan: ExecutionPlan) -> String {
    let loss = plan.steps.count
    if step < loss { return "forward of \(plan.steps[step].layer)" }
    return step == loss ? "the loss" : "backward of \(plan.steps[2 * loss - step].layer)"
  }

  private static func bytes(_ floats: Int) -> Int { floats * MemoryLayout<Float>.stride }
}
