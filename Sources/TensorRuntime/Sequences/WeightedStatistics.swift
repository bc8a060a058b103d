/// Mean and standard deviation over positions under weights: channels-last [N, C, T] and weights [N, T], which sum to 1
/// for each sample, to [N, 2 C]: `mean = sum of w x`, then `sqrt(sum of w (x - mean)^2 + epsilon)`.
public struct WeightedStatistics: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [.inputs, .output] }
  public var label: String { "weighted_statistics" }
  let channels: Int
  let length: Int
  let epsilon: Float

  public init(batch: Int, channels: Int, length: Int, epsilon: Double) {
    inputs = [TensorSpec([batch, channels, length], .channelsLast), TensorSpec([batch, length])]
    output = TensorSpec([batch, 2 * channels])
    self.channels = channels
    self.length = length
    self.epsilon = Float(epsilon)
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  /// Gradients of the variances.
  public func backwardScratch(threads: Int) -> Int { output.shape[0] * channels }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, weights, y, channels, length) = (context.inputs[0], context.inputs[1], context.output, channels, length)
    let epsilon = epsilon
    context.pool.run(tiles: output.shape[0]) { n, _ in
      Kernels.table.weighted_statistics(
        length, channels, epsilon, weights + n * length, x + n * length * channels, y + 2 * n * channels,
        y + (2 * n + 1) * channels)
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (x, weights, y, dy) = (context.inputs[0], context.inputs[1], context.output, context.outputGradient)
    let (dx, dweights, scratch) = (context.inputGradients[0], context.inputGradients[1], context.scratch)
    let (addX, addWeights) = (context.accumulate[0] ? Int32(1) : 0, context.accumulate[1] ? Int32(1) : 0)
    let (channels, length) = (channels, length)
    context.pool.run(tiles: output.shape[0]) { n, _ in
      let (statistics, gradients, variances) = (y + 2 * n * channels, dy + 2 * n * channels, scratch + n * channels)
      for c in 0..<channels { variances[c] = gradients[channels + c] / (2 * statistics[channels + c]) }
      Kernels.table.weighted_statistics_gradient(
        length, channels, weights + n * length, x + n * length * channels, statistics, gradients, variances,
        dweights.map { $0 + n * length }, addWeights, dx.map { $0 + n * length * channels }, addX)
    }
  }
}
