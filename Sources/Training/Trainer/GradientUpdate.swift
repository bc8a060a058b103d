import Planning
import Spec
import TensorRuntime

/// The way from the gradients of a step's batches to new weights: their mean, a bound on it, the optimizer.
///
/// One batch a step and no bound take no pass over the gradients but the optimizer's own.
package final class GradientUpdate {
  let optimizer: Optimizer
  private let parameters: ModelParameters
  private let clipping: GradientClipping?
  /// The mean of the batches' gradients so far; nil where each step has one batch.
  private let sum: AlignedBuffer?

  package init(
    _ settings: OptimizerSettings, parameters: ModelParameters, clipping: GradientClipping? = nil, accumulate: Int = 1
  ) {
    optimizer = Optimizer(settings, parameters: parameters)
    self.parameters = parameters
    self.clipping = clipping
    sum = accumulate > 1 ? AlignedBuffer(count: parameters.floats) : nil
  }

  /// Takes the gradients of batch `index` of the `count` batches of a step; each counts the same, as in PyTorch's recipe
  /// `(loss / count).backward()`.
  package func add(_ gradients: AlignedBuffer, batch index: Int, of count: Int, pool: WorkerPool) {
    guard let sum else { return }
    pool.scale(
      parameters.floats, by: 1 / Float(count), from: gradients.pointer, target: sum.pointer, adding: index > 0)
  }

  /// The gradients of the step, given those of its last batch.
  func mean(last gradients: AlignedBuffer) -> AlignedBuffer { sum ?? gradients }

  /// Changes the weights. `gradients` are those of the last batch; `step` counts from 1.
  package func apply(
    _ gradients: AlignedBuffer, learningRate: Double, momentum: Double?, step: Int, pool: WorkerPool
  ) {
    let gradients = mean(last: gradients)
    var scale = 1.0
    switch clipping {
    case .none: break
    case .norm(let limit): scale = normScale(gradients, limit: limit, pool: pool)
    case .value(let limit): pool.clamp(parameters.floats, to: Float(limit), gradients.pointer)
    }
    optimizer.apply(
      gradients: gradients, learningRate: learningRate, step: step, momentum: momentum, gradientScale: scale, pool: pool
    )
  }

  /// What brings the norm of all gradients to at most `limit`, as `torch.nn.utils.clip_grad_norm_`.
  private func normScale(_ gradients: AlignedBuffer, limit: Double, pool: WorkerPool) -> Double {
    // Slot by slot: what lies between them is not the model's.
    let squares = parameters.slots.reduce(0.0) { sum, slot in
      sum + pool.squareSum(slot.count, gradients.pointer + slot.offset)
    }
    let scale = limit / (squares.squareRoot() + 1e-6)
    return scale >= 1 ? 1 : scale
  }
}
