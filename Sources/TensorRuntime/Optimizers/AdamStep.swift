import CKernels
import Glibc

/// One step of Adam (Kingma, Ba 2015) over `count` values, as `torch.optim.Adam`: L2 weight decay is added to the
/// gradient, both moments are corrected for their start at zero.
public struct AdamStep: Sendable {
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double

  public init(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Updates `parameters` and both moments in one pass. `step` counts from 1.
  public func apply(
    step: Int, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    firstMoment: UnsafeMutablePointer<Float>, secondMoment: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let correction1 = 1 - pow(beta1, Double(step))
    let correction2 = 1 - pow(beta2, Double(step))
    let numbers = serspec_adam(
      rest1: Float(1 - beta1), beta2: Float(beta2), rest2: Float(1 - beta2), weight_decay: Float(weightDecay),
      step_size: Float(learningRate / correction1), root_correction2: Float(correction2.squareRoot()),
      epsilon: Float(epsilon))
    pool.elements(count) { range in
      let at = range.lowerBound
      withUnsafePointer(to: numbers) {
        Kernels.table.adam(
          range.count, $0, parameters + at, gradients + at, firstMoment + at, secondMoment + at)
      }
    }
  }
}
