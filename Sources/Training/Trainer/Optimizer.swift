import Planning
import TensorRuntime

/// An optimizer with its state for one model.
package final class Optimizer {
  private let settings: OptimizerSettings
  private let parameters: ModelParameters
  /// The state, each buffer in the layout of the parameters, with the name that it has in checkpoints.
  private let state: [(name: String, buffer: AlignedBuffer)]

  package init(_ settings: OptimizerSettings, parameters: ModelParameters) {
    self.settings = settings
    self.parameters = parameters
    state = settings.stateNames.map { ($0, AlignedBuffer(count: parameters.floats)) }
  }

  /// Changes the parameters by `gradients`, which have their layout. `step` counts from 1.
  ///
  /// - Parameters:
  ///   - momentum: takes the place of the optimizer's momentum or first beta.
  ///   - gradientScale: the gradients are multiplied by this first.
  package func apply(
    gradients: AlignedBuffer, learningRate: Double, step: Int, momentum: Double? = nil, gradientScale: Double = 1,
    pool: WorkerPool
  ) {
    let (count, values, gradients) = (parameters.floats, parameters.values.pointer, gradients.pointer)
    switch settings {
    case .adam(let adam):
      AdamStep(
        learningRate: learningRate, beta1: momentum ?? adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon,
        weightDecay: adam.weightDecay, isDecoupled: adam.isDecoupled
      ).apply(
        step: step, count: count, parameters: values, gradients: gradients, firstMoment: state[0].buffer.pointer,
        secondMoment: state[1].buffer.pointer, largest: adam.isAMSGrad ? state[2].buffer.pointer : nil,
        gradientScale: gradientScale, pool: pool)
    case .sgd(let sgd):
      SGDStep(
        learningRate: learningRate, momentum: momentum ?? sgd.momentum, dampening: sgd.dampening,
        weightDecay: sgd.weightDecay, isNesterov: sgd.isNesterov
      ).apply(
        step: step, count: count, parameters: values, gradients: gradients, buffer: buffer("momentum"),
        gradientScale: gradientScale, pool: pool)
    case .rmsprop(let rmsprop):
      RMSpropStep(
        learningRate: learningRate, alpha: rmsprop.alpha, epsilon: rmsprop.epsilon,
        momentum: momentum ?? rmsprop.momentum, weightDecay: rmsprop.weightDecay
      ).apply(
        count: count, parameters: values, gradients: gradients, square: state[0].buffer.pointer,
        mean: buffer("mean"), buffer: buffer("momentum"), gradientScale: gradientScale, pool: pool)
    }
  }

  /// The state of that name where the optimizer keeps one.
  private func buffer(_ name: String) -> UnsafeMutablePointer<Float>? {
    state.first { $0.name == name }?.buffer.pointer
  }

  /// The state as tensors in PyTorch's order: `first_moment/time_path.conv1d.weight`.
  func exported() -> [Safetensors.Tensor] {
    state.flatMap { entry in parameters.tensors(of: entry.buffer, prefix: entry.name + "/") }
  }

  /// Takes over the state of a checkpoint.
  ///
  /// - Throws: `DiagnosticFailure` (`run.checkpoint_mismatch`) where it is of another model or optimizer.
  func load(_ tensors: Safetensors, from path: String) throws {
    for entry in state { try parameters.load(tensors, prefix: entry.name + "/", into: entry.buffer, from: path) }
  }
}
