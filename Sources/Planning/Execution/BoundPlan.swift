import TensorRuntime

/// A plan whose offsets have become pointers into an arena, so that a step touches no array that is not made already.
final class BoundPlan {
  struct Step {
    let operation: any Operation
    let layer: String
    let stream: UInt64
    let inputs: [UnsafePointer<Float>]
    let output: UnsafeMutablePointer<Float>
    let parameters: [UnsafePointer<Float>]
    let states: [UnsafeMutablePointer<Float>]
    let saved: [UnsafeMutablePointer<Float>]
    let forwardScratch: UnsafeMutablePointer<Float>
    let backward: Backward?
  }

  struct Backward {
    let recomputed: [Recomputed]
    let inputs: [UnsafePointer<Float>]
    let output: UnsafePointer<Float>
    let outputGradient: UnsafePointer<Float>
    let inputGradients: [UnsafeMutablePointer<Float>?]
    let accumulate: [Bool]
    let parameterGradients: [UnsafeMutablePointer<Float>]
    let scratch: UnsafeMutablePointer<Float>
  }

  struct Recomputed {
    /// The number of the step whose output is made again.
    let step: Int
    /// That of the step, cast once.
    let operation: any Recomputable
    let inputs: [UnsafePointer<Float>]
    let output: UnsafeMutablePointer<Float>
    let scratch: UnsafeMutablePointer<Float>
  }

  let plan: ExecutionPlan
  /// The start of the arena, which is not kept alive: a plan that outlives it is bound anew.
  let base: UnsafeMutablePointer<Float>
  let steps: [Step]
  let inputs: [UnsafeMutablePointer<Float>]
  let output: UnsafePointer<Float>
  let outputGradient: UnsafeMutablePointer<Float>?
  /// What lies between the gradients of the parameters, which optimizers read as zeros.
  private let gaps: [(start: UnsafeMutablePointer<Float>, count: Int)]

  /// - Parameter gradients: of the parameters, at the arena's start; nil in inference.
  init(_ plan: ExecutionPlan, arena: AlignedBuffer, parameters: ModelParameters, gradients: AlignedBuffer?) {
    self.plan = plan
    let base = arena.pointer
    self.base = base
    steps = plan.steps.map { step in
      Step(
        operation: step.operation, layer: step.layer, stream: step.stream,
        inputs: step.inputs.map { UnsafePointer(base + $0) },
        output: base + step.output,
        parameters: step.parameters.map { UnsafePointer(parameters.values.pointer + parameters.slots[$0].offset) },
        states: step.states.map { parameters.states.pointer + parameters.stateSlots[$0].offset },
        saved: step.saved.map { base + $0 }, forwardScratch: base + step.forwardScratch,
        backward: step.backward.flatMap { backward in
          guard let gradients else { return nil }
          return Backward(
            recomputed: backward.recomputed.compactMap {
              guard let operation = plan.steps[$0.step].operation as? any Recomputable else { return nil }
              return Recomputed(
                step: $0.step, operation: operation, inputs: $0.inputs.map { UnsafePointer(base + $0) },
                output: base + $0.output,
                scratch: base + $0.scratch)
            }, inputs: backward.inputs.map { UnsafePointer(base + $0) }, output: UnsafePointer(base + backward.output),
            outputGradient: UnsafePointer(base + backward.outputGradient),
            inputGradients: backward.inputGradients.map { $0.map { base + $0 } }, accumulate: backward.accumulate,
            parameterGradients: step.parameters.map { gradients.pointer + parameters.slots[$0].offset },
            scratch: base + backward.scratch)
        })
    }
    gaps =
      gradients == nil
      ? []
      : parameters.slots.compactMap { slot in
        let end = slot.offset + slot.count
        return ArenaLayout.aligned(end) == end ? nil : (base + end, ArenaLayout.aligned(end) - end)
      }
    inputs = plan.inputs.map { base + $0.offset }
    output = UnsafePointer(base + plan.output)
    outputGradient = plan.outputGradient.map { base + $0 }
  }

  func forward(pool: WorkerPool, training: Bool, key: RandomKey, profile: OperationProfile?) {
    for step in steps {
      func run() {
        step.operation.forward(
          ForwardContext(
            inputs: step.inputs, output: step.output, parameters: step.parameters, states: step.states,
            saved: step.saved, scratch: step.forwardScratch, pool: pool, training: training,
            randomKey: key.child(step.stream)))
      }
      if let profile { profile.measure(step, \.forward, run) } else { run() }
    }
  }

  func backward(pool: WorkerPool, key: RandomKey, profile: OperationProfile?) {
    for step in steps.reversed() {
      guard let backward = step.backward else { continue }
      for again in backward.recomputed { recompute(again, pool: pool, key: key, profile: profile) }
      func run() {
        step.operation.backward(
          BackwardContext(
            inputs: backward.inputs, output: backward.output, outputGradient: backward.outputGradient,
            inputGradients: backward.inputGradients, accumulate: backward.accumulate, parameters: step.parameters,
            parameterGradients: backward.parameterGradients, saved: step.saved, scratch: backward.scratch, pool: pool,
            randomKey: key.child(step.stream)))
      }
      if let profile { profile.measure(step, \.backward, run) } else { run() }
    }
    for gap in gaps { gap.start.update(repeating: 0, count: gap.count) }
  }

  /// Makes the output of a step again that was given up after the forward pass.
  private func recompute(_ again: Recomputed, pool: WorkerPool, key: RandomKey, profile: OperationProfile?) {
    let step = steps[again.step]
    func run() {
      again.operation.recompute(
        ForwardContext(
          inputs: again.inputs, output: again.output, parameters: step.parameters, states: step.states,
          saved: step.saved, scratch: again.scratch, pool: pool, training: true, randomKey: key.child(step.stream)))
    }
    if let profile { profile.measure(step, \.backward, run) } else { run() }
  }
}
