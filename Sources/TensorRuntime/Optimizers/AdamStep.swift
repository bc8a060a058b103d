import CKernels
import Glibc

/// One step of Adam (Kingma, Ba 2015) over `count` values, as `torch.optim.Adam`: L2 weight decay is added to the
/// gradient, both moments are corrected for their start at zero. Decoupled, it is `torch.optim.AdamW` (Loshchilov, Hutter 2019).
public struct AdamStep: Sendable {
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double
  /// Whether weight decay shrinks the parameters themselves, by `learningRate * weightDecay`.
  public var isDecoupled: Bool

  public init(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    isDecoupled: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  /// Updates `parameters` and the moments in one pass. `step` counts from 1.
  ///
  /// - Parameters:
  ///   - largest: the largest second moment so far, for AMSGrad (Reddi, Kale, Kumar 2018).
  ///   - gradientScale: the gradients are multiplied by this first.
  public func apply(
    step: Int, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    firstMoment: UnsafeMutablePointer<Float>, secondMoment: UnsafeMutablePointer<Float>,
    largest: UnsafeMutablePointer<Float>? = nil, gradientScale: Double = 1, pool: WorkerPool
  ) {
    let correction1 = 1 - pow(beta1, Double(step))
    let correction2 = 1 - pow(beta2, Double(step))
    let numbers = serspec_adam(
      scale: Float(gradientScale), rest1: Float(1 - beta1), beta2: Float(beta2), rest2: Float(1 - beta2),
      weight_decay: Float(isDecoupled ? 0 : weightDecay),
      keep: Float(isDecoupled ? 1 - learningRate * weightDecay : 1),
      step_size: Float(learningRate / correction1), root_correction2: Float(correction2.squareRoot()),
      epsilon: Float(epsilon))
    pool.elements(count) { range in
      let at = range.lowerBound
      withUnsafePointer(to: numbers) {
        Kernels.table.adam(
          range.count, $0, parameters + at, gradients + at, firstMoment + at, secondMoment + at,
          largest.map { $0 + at })
      }
    }
  }
}
