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
  package func apply(gradients: AlignedBuffer, learningRate: Double, step: Int, pool: WorkerPool) {
    switch settings {
    case .adam(let adam):
      AdamStep(
        learningRate: learningRate, beta1: adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon,
        weightDecay: adam.weightDecay
      ).apply(
        step: step, count: parameters.floats, parameters: parameters.values.pointer, gradients: gradients.pointer,
        firstMoment: state[0].buffer.pointer, secondMoment: state[1].buffer.pointer, pool: pool)
    }
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
