import Layers
import TensorRuntime

extension ExecutionPlan {
  /// Whether a plan ends at the logits or goes back to the gradients.
  public enum Mode: Hashable, Sendable {
    case training
    case inference
  }

  /// Plans `graph` for a batch.
  ///
  /// - Parameters:
  ///   - shapes: the features' shapes without the batch axis, in the order of the graph's inputs.
  ///   - threads: the size of the pool; scratch grows with it, results do not depend on it.
  ///   - fusion: whether chains of operations become one where a rewrite rule fits. Fused operations give the same
  ///     outputs, and gradients that differ by rounding alone.
  ///   - recomputation: whether training makes cheap activations again rather than keep them; the bits are the same.
  /// - Throws: `DiagnosticFailure` (`data.clip_too_short`) where a layer cannot take the shapes,
  ///   `run.batch_too_small` where one cannot take so small a batch.
  public static func make(
    _ graph: LayerGraph, batch: Int, shapes: [[Int]], mode: Mode, threads: Int, fusion: Fusion = .standard,
    recomputation: Recomputation = .standard
  ) throws -> ExecutionPlan {
    let lowered = try graph.program(batch: batch, shapes: shapes, training: mode == .training)
    let program = fusion == .on ? lowered.rewritten(by: RewriteRule.table, training: mode == .training) : lowered
    func indices(_ named: [NamedParameter]) -> [String: Int] {
      Dictionary(uniqueKeysWithValues: named.enumerated().map { ($1.name, $0) })
    }
    let parameters = graph.parameters
    var planner = Planner(
      program: program, batch: batch, mode: mode, threads: threads, recomputation: recomputation,
      parameterIndex: indices(parameters), stateIndex: indices(graph.states),
      slots: ModelParameters.layOut(parameters).slots)
    return planner.plan()
  }
}

/// Gives every buffer of a program a lifetime, lets `ArenaLayout` place them, and writes the plan down.
private struct Planner {
  let program: Program
  let batch: Int
  let mode: ExecutionPlan.Mode
  let threads: Int
  let recomputation: Recomputation
  let parameterIndex: [String: Int]
  let stateIndex: [String: Int]
  let slots: [ModelParameters.Slot]

  private var buffers: [BufferLifetime] = []
  private var owners: [(role: ExecutionPlan.Buffer.Role, operation: Int?)] = []
  /// Buffer of each tensor, and of its gradient where it has one.
  private var values: [Int] = []
  private var gradients: [Int?] = []
  /// Buffer of each tensor in the backward pass: another one where it is made again.
  private var valuesBack: [Int] = []

  /// Buffers of one operation beside its tensors.
  private struct Extras {
    var saved: [Int] = []
    var forwardScratch = 0
    var backwardScratch = 0
    var accumulate: [Bool] = []
    var hasBackward = false
    var recomputed: [(step: Int, scratch: Int)] = []
  }

  init(
    program: Program, batch: Int, mode: ExecutionPlan.Mode, threads: Int, recomputation: Recomputation,
    parameterIndex: [String: Int], stateIndex: [String: Int],
    slots: [ModelParameters.Slot]
  ) {
    self.program = program
    self.batch = batch
    self.mode = mode
    self.threads = threads
    self.recomputation = recomputation
    self.parameterIndex = parameterIndex
    self.stateIndex = stateIndex
    self.slots = slots
  }

  mutating func plan() -> ExecutionPlan {
    let count = program.operations.count
    let training = mode == .training
    let differentiable = training ? tensorsWithGradients() : Array(repeating: false, count: program.tensors.count)
    var writers: [Int?] = Array(repeating: nil, count: program.tensors.count)
    for (index, lowered) in program.operations.enumerated() { writers[lowered.output] = index }
    for (tensor, writer) in writers.enumerated() {
      // Rules leave tensors behind that nothing writes any more.
      let isPart = writer != nil || program.inputs.contains(tensor)
      let floats = isPart ? program.tensors[tensor].shape.count : 0
      values.append(
        add(floats, writer == nil ? .feature : .output, of: writer, from: writer == nil ? 0 : count, to: 0))
      gradients.append(differentiable[tensor] ? add(floats, .gradient, of: writer, from: 2 * count, to: 0) : nil)
    }

    var extras = Array(repeating: Extras(), count: count)
    forward(into: &extras)
    live(values[program.output], at: count)
    if let gradient = gradients[program.output] { live(gradient, at: count) }
    valuesBack = values
    if training {
      let hasBackward = program.operations.map { differentiable[$0.output] }
      for index in hasBackward.indices { extras[index].hasBackward = hasBackward[index] }
      if recomputation == .on { recompute(RecomputationChoice(program, hasBackward: hasBackward), into: &extras) }
      backward(into: &extras)
    }

    let parameterGradients = training ? parameterGradients(extras) : []
    let layout = ArenaLayout(buffers, around: parameterGradients.map { ($0.offset, $0.lifetime) })
    let steps = zip(program.operations, extras).map { lowered, extra in
      ExecutionPlan.Step(
        operation: lowered.operation, layer: lowered.layer, inputs: lowered.inputs.map { layout.offsets[values[$0]] },
        output: layout.offsets[values[lowered.output]], saved: extra.saved.map { layout.offsets[$0] },
        forwardScratch: layout.offsets[extra.forwardScratch],
        parameters: lowered.parameters.map { parameterIndex[$0] ?? -1 },
        states: lowered.states.map { stateIndex[$0] ?? -1 }, stream: lowered.stream,
        backward: extra.hasBackward ? placed(lowered, extra, layout) : nil)
    }
    return ExecutionPlan(
      batch: batch, steps: steps,
      inputs: program.inputs.map { (layout.offsets[values[$0]], program.tensors[$0].shape.count) },
      output: layout.offsets[values[program.output]],
      outputGradient: gradients[program.output].map { layout.offsets[$0] },
      arenaFloats: max(layout.floats, training ? slots.last.map { ArenaLayout.aligned($0.offset + $0.count) } ?? 0 : 0),
      buffers: placed(layout)
        + parameterGradients.map {
          ExecutionPlan.Buffer(
            role: .parameterGradient, operation: $0.operation, offset: $0.offset, floats: $0.lifetime.floats,
            first: $0.lifetime.first, last: $0.lifetime.last)
        })
  }

  private func placed(_ lowered: LoweredOperation, _ extra: Extras, _ layout: ArenaLayout) -> ExecutionPlan.Backward? {
    gradients[lowered.output].map { output in
      ExecutionPlan.Backward(
        recomputed: extra.recomputed.map { step, scratch in
          let again = program.operations[step]
          return ExecutionPlan.Recomputed(
            step: step, inputs: again.inputs.map { layout.offsets[valuesBack[$0]] },
            output: layout.offsets[valuesBack[again.output]], scratch: layout.offsets[scratch])
        }, inputs: lowered.inputs.map { layout.offsets[valuesBack[$0]] },
        output: layout.offsets[valuesBack[lowered.output]], outputGradient: layout.offsets[output],
        inputGradients: lowered.inputs.map { gradients[$0].map { layout.offsets[$0] } }, accumulate: extra.accumulate,
        scratch: layout.offsets[extra.backwardScratch])
    }
  }

  /// The parameters' gradients in order of their places; each stays from the step that writes it to the end.
  private func parameterGradients(
    _ extras: [Extras]
  ) -> [(offset: Int, operation: Int, lifetime: BufferLifetime)] {
    let end = 2 * program.operations.count
    var result: [(offset: Int, operation: Int, lifetime: BufferLifetime)] = []
    for (index, lowered) in program.operations.enumerated() where extras[index].hasBackward {
      for name in lowered.parameters {
        guard let slot = parameterIndex[name].map({ slots[$0] }) else { continue }
        result.append((slot.offset, index, BufferLifetime(floats: slot.count, first: end - index, last: end)))
      }
    }
    return result.sorted { $0.offset < $1.offset }
  }

  /// The buffers that take room.
  private func placed(_ layout: ArenaLayout) -> [ExecutionPlan.Buffer] {
    buffers.indices.compactMap { index in
      let (buffer, owner) = (buffers[index], owners[index])
      guard buffer.floats > 0 else { return nil }
      return ExecutionPlan.Buffer(
        role: owner.role, operation: owner.operation, offset: layout.offsets[index], floats: buffer.floats,
        first: buffer.first, last: buffer.last)
    }
  }

  private mutating func forward(into extras: inout [Extras]) {
    for (step, lowered) in program.operations.enumerated() {
      for input in lowered.inputs { live(values[input], at: step) }
      live(values[lowered.output], at: step)
      extras[step].saved = lowered.operation.saved.map { add($0, .saved, of: step, from: step, to: step) }
      extras[step].forwardScratch = add(
        lowered.operation.forwardScratch(threads: threads), .forwardScratch, of: step, from: step, to: step)
    }
  }

  /// Gives what is made again a second buffer, and a place before the backward step that first reads it.
  private mutating func recompute(_ choice: RecomputationChoice, into extras: inout [Extras]) {
    let count = program.operations.count
    for (index, lowered) in program.operations.enumerated() {
      guard let step = choice.steps[lowered.output] else { continue }
      valuesBack[lowered.output] = add(
        program.tensors[lowered.output].shape.count, .output, of: index, from: step, to: step)
      for input in lowered.inputs { live(valuesBack[input], at: step) }
      let scratch = add(
        lowered.operation.forwardScratch(threads: threads), .backwardScratch, of: index, from: step, to: step)
      extras[2 * count - step].recomputed.append((index, scratch))
    }
  }

  private mutating func backward(into extras: inout [Extras]) {
    let count = program.operations.count
    var written = Set([program.output])
    for (index, lowered) in program.operations.enumerated().reversed() {
      guard extras[index].hasBackward, let outputGradient = gradients[lowered.output] else { continue }
      let step = 2 * count - index
      let reads = lowered.operation.gradientReads
      live(outputGradient, at: step)
      if reads.contains(.output) { live(valuesBack[lowered.output], at: step) }
      for saved in extras[index].saved { live(saved, at: step) }
      extras[index].backwardScratch = add(
        lowered.operation.backwardScratch(threads: threads), .backwardScratch, of: index, from: step, to: step)
      for (number, input) in lowered.inputs.enumerated() {
        if lowered.operation.gradientReadsInput(number) { live(valuesBack[input], at: step) }
        if let gradient = gradients[input] { live(gradient, at: step) }
        extras[index].accumulate.append(!written.insert(input).inserted)
      }
    }
  }

  /// Tensors that a parameter lies before.
  private func tensorsWithGradients() -> [Bool] {
    var result = Array(repeating: false, count: program.tensors.count)
    for lowered in program.operations {
      result[lowered.output] = !lowered.parameters.isEmpty || lowered.inputs.contains { result[$0] }
    }
    return result
  }

  private mutating func add(
    _ floats: Int, _ role: ExecutionPlan.Buffer.Role, of operation: Int?, from first: Int, to last: Int
  ) -> Int {
    owners.append((role, operation))
    buffers.append(BufferLifetime(floats: floats, first: first, last: last))
    return buffers.count - 1
  }

  private mutating func live(_ buffer: Int, at step: Int) {
    buffers[buffer].first = min(buffers[buffer].first, step)
    buffers[buffer].last = max(buffers[buffer].last, step)
  }
}
