import CKernels

/// One step of RMSprop (Tieleman, Hinton 2012) over `count` values, as `torch.optim.RMSprop`: the gradient is divided by the root of the
/// running mean of its square plus `epsilon`; with the running mean of the gradient it is divided by its deviation
/// (Graves 2013).
public struct RMSpropStep: Sendable {
  public var learningRate: Double
  public var alpha: Double
  public var epsilon: Double
  public var momentum: Double
  public var weightDecay: Double

  public init(
    learningRate: Double, alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// Updates `parameters` and the state in one pass. All buffers start with zeros.
  ///
  /// - Parameters:
  ///   - square: the running mean of the squared gradient.
  ///   - mean: the running mean of the gradient; nil where it is not centred.
  ///   - buffer: the momentum; nil where `momentum` is 0.
  ///   - gradientScale: the gradients are multiplied by this first.
  public func apply(
    count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    square: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>?, buffer: UnsafeMutablePointer<Float>?,
    gradientScale: Double = 1, pool: WorkerPool
  ) {
    let numbers = serspec_rmsprop(
      scale: Float(gradientScale), weight_decay: Float(weightDecay), learning_rate: Float(learningRate),
      alpha: Float(alpha), rest: Float(1 - alpha), epsilon: Float(epsilon), momentum: Float(momentum))
    pool.elements(count) { range in
      let at = range.lowerBound
      withUnsafePointer(to: numbers) {
        Kernels.table.rmsprop(
          range.count, $0, parameters + at, gradients + at, square + at, mean.map { $0 + at }, buffer.map { $0 + at })
      }
    }
  }
}
