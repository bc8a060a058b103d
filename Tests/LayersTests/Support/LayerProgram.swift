import Layers
import TensorRuntime

/// A layer lowered for one input, run on fresh memory of its own: every tensor has a buffer that is full of NaN until
/// something is written, and that shows whether anything wrote beyond its end.
struct LayerProgram {
  let operations: [LoweredOperation]
  let tensors: [TensorSpec]
  let input: Value
  let output: Value

  /// - Parameters:
  ///   - item: a list item of a spec, such as `lstm: {hidden_size: 8}`.
  ///   - shape: the input's, batch first.
  ///   - layout: how the input lies: as a feature (canonical) or as another layer's output (channels last).
  init(_ item: String, shape: [Int], layout: Layout) throws {
    var lowering = Lowering()
    lowering.layer = "layer"
    input = lowering.input(TensorSpec(Shape(shape), layout))
    var (value, sample) = (input, SampleShape(Array(shape.dropFirst())))
    for layer in try decodedLayers(item) {
      let after = try layer.outputShape(of: sample)
      value = layer.lower(value, into: &lowering)
      // What validation announces must be what runs.
      guard let extents = after.known, value.spec.shape == Shape([shape[0]] + extents) else {
        throw AnotherShape(announced: after, made: value.spec.shape)
      }
      sample = after
    }
    output = value
    operations = lowering.operations
    tensors = lowering.values
  }

  /// Parameters by the name that follows the layer's, `weight_ih_l0`.
  var parameters: [String: ParameterSpec] {
    let pairs = operations.flatMap {
      zip($0.parameters.map { String($0.dropFirst("layer.".count)) }, $0.operation.parameters)
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// Runs forward and backward.
  ///
  /// - Parameters:
  ///   - parameters: values by name in PyTorch's order; those that are missing are drawn as training would.
  ///   - wantsInputGradient: false as for a feature, which nobody differentiates by.
  func run(
    _ x: [Float], parameters: [String: [Float]], outputGradient: [Float], threads: Int = 2, training: Bool = true,
    key: RandomKey = RandomKey(seed: 1), wantsInputGradient: Bool = true
  ) throws -> LayerOutcome {
    _ = try BLAS.load()
    let memory = LayerMemory(self, threads: threads)
    memory.place(x, in: memory.values[input.id], as: input.spec)
    memory.load(parameters, of: self)
    let pool = WorkerPool(threads: threads)
    for (index, lowered) in operations.enumerated() {
      lowered.operation.forward(
        ForwardContext(
          inputs: lowered.inputs.map { memory.values[$0].reading }, output: memory.values[lowered.output].pointer,
          parameters: lowered.parameters.map { memory.parameters[$0]?.reading ?? memory.nothing.reading },
          states: memory.states[index].map(\.pointer), saved: memory.saved[index].map(\.pointer),
          scratch: memory.forwardScratch[index].pointer, pool: pool, training: training,
          randomKey: key.child(UInt64(index))))
    }
    let found = memory.take(memory.values[output.id], as: output.spec)
    memory.place(outputGradient, in: memory.gradients[output.id], as: output.spec)
    backward(memory, pool: pool, key: key, wantsInputGradient: wantsInputGradient)
    if let label = memory.overrun(operations) { throw WroteBeyondItsMemory(label: label) }
    return LayerOutcome(
      output: found,
      inputGradient: wantsInputGradient ? memory.take(memory.gradients[input.id], as: input.spec) : [],
      parameterGradients: Dictionary(
        uniqueKeysWithValues: self.parameters.map { name, spec in
          (name, memory.external(memory.parameterGradients["layer." + name], spec))
        }))
  }

  /// As the planner does it: no gradient that nobody wants, and adding up where a tensor has several users.
  private func backward(_ memory: LayerMemory, pool: WorkerPool, key: RandomKey, wantsInputGradient: Bool) {
    var differentiable = tensors.map { _ in false }
    differentiable[input.id] = wantsInputGradient
    for lowered in operations {
      differentiable[lowered.output] = !lowered.parameters.isEmpty || lowered.inputs.contains { differentiable[$0] }
    }
    var written = Set([output.id])
    for (index, lowered) in operations.enumerated().reversed() where differentiable[lowered.output] {
      let reads = lowered.operation.gradientReads
      // What an operation does not claim to read is gone by now.
      let inputs = lowered.inputs.map { (reads.contains(.inputs) ? memory.values[$0] : memory.gone).reading }
      let output = (reads.contains(.output) ? memory.values[lowered.output] : memory.gone).reading
      lowered.operation.backward(
        BackwardContext(
          inputs: inputs, output: output, outputGradient: memory.gradients[lowered.output].reading,
          inputGradients: lowered.inputs.map { differentiable[$0] ? memory.gradients[$0].pointer : nil },
          accumulate: lowered.inputs.map { !written.insert($0).inserted },
          parameters: lowered.parameters.map { memory.parameters[$0]?.reading ?? memory.nothing.reading },
          parameterGradients: lowered.parameters.map {
            memory.parameterGradients[$0]?.pointer ?? memory.nothing.pointer
          },
          saved: memory.saved[index].map(\.pointer), scratch: memory.backwardScratch[index].pointer, pool: pool,
          randomKey: key.child(UInt64(index))))
    }
  }
}

/// What one forward and backward pass gave, in PyTorch's order.
struct LayerOutcome: Equatable {
  var output: [Float]
  var inputGradient: [Float]
  var parameterGradients: [String: [Float]]
}

struct AnotherShape: Error {
  let announced: SampleShape
  let made: Shape
}

struct WroteBeyondItsMemory: Error { let label: String }
