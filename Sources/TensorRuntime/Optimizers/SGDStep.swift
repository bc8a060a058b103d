import CKernels

/// One step of stochastic gradient descent over `count` values, as `torch.optim.SGD`.
///
/// With `momentum` m and `dampening` d: `b = m * b + (1 - d) * g` (at the first step `b = g`), and the parameters fall by
/// `learningRate * b`, or, with Nesterov's momentum, by `learningRate * (g + m * b)`.
public struct SGDStep: Sendable {
  public var learningRate: Double
  public var momentum: Double
  public var dampening: Double
  public var weightDecay: Double
  public var isNesterov: Bool

  public init(
    learningRate: Double, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.isNesterov = isNesterov
  }

  /// Updates `parameters` and, where there is one, the momentum in one pass. `step` counts from 1.
  ///
  /// - Parameters:
  ///   - buffer: the momentum, zeros at first; nil where `momentum` is 0.
  ///   - gradientScale: the gradients are multiplied by this first.
  public func apply(
    step: Int, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    buffer: UnsafeMutablePointer<Float>?, gradientScale: Double = 1, pool: WorkerPool
  ) {
    let numbers = serspec_sgd(
      scale: Float(gradientScale), weight_decay: Float(weightDecay), learning_rate: Float(learningRate),
      momentum: Float(momentum), rest: Float(step == 1 ? 1 : 1 - dampening), gradient_share: isNesterov ? 1 : 0,
      momentum_share: isNesterov ? Float(momentum) : 1)
    pool.elements(count) { range in
      let at = range.lowerBound
      withUnsafePointer(to: numbers) {
        Kernels.table.sgd(range.count, $0, parameters + at, gradients + at, buffer.map { $0 + at })
      }
    }
  }
}
