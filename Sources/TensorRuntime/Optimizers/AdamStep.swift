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
  ) {}
}
