/// Group normalisation (Wu, He 2018): over each sample's groups of channels and all spatial positions,
/// `y = (x - mean) / sqrt(variance + epsilon) * weight[c] + bias[c]`, with the biased variance.
///
/// Input and output [N, C, ...] are channels-last; weight and bias are [C].
public struct GroupNorm: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  /// Mean and reciprocal deviation of each sample and group.
  public let saved: [Int]
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "group_norm" }
  let batch: Int
  let channels: Int
  private(set) var positions: Int
  let groups: Int
  let epsilon: Float
  let affine: Bool

  /// `groups` divides `channels`. `spatial` may be empty: then the input is [N, C].
  public init(batch: Int, channels: Int, spatial: [Int], groups: Int, epsilon: Double, affine: Bool) {
    precondition(channels % groups == 0, "groups divide the channels")
    let spec = TensorSpec(Shape([batch, channels] + spatial), spatial.isEmpty ? .canonical : .channelsLast)
    inputs = [spec]
    output = spec
    self.batch = batch
    self.channels = channels
    positions = spatial.reduce(1, *)
    self.groups = groups
    self.epsilon = Float(epsilon)
    self.affine = affine
    parameters = affine ? ParameterSpec.scaleAndShift([channels]) : []
    saved = [2 * batch * groups]
  }

  /// The same norm of samples of `positions` positions.
  func over(_ positions: Int) -> GroupNorm {
    var result = self
    result.positions = positions
    return result
  }

  // For each worker its means and scales, and room to measure columns.
  public func forwardScratch(threads: Int) -> Int { threads * (2 + 3) * channels }
  // For each sample its part of the parameters' gradients, for each worker four rows of factors.
  public func backwardScratch(threads: Int) -> Int { (batch * 2 + threads * 4) * channels }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, scratch) = (context.inputs[0], context.output, context.scratch)
    let (channels, positions) = (channels, positions)
    let statistics = context.training ? context.saved[0] : nil
    let weight = affine ? context.parameters[0] : nil
    let bias = affine ? context.parameters[1] : nil
    context.pool.run(tiles: batch) { sample, worker in
      let sampleX = x + sample * positions * channels
      let scales = scratch + worker * 5 * channels
      let means = scales + channels
      measure(
        sample, sampleX, means: means, scales: scales, weight: weight, statistics: statistics,
        columns: scales + 2 * channels)
      Kernels.table.normalise(positions, channels, sampleX, means, scales, bias, y + sample * positions * channels)
    }
  }

  /// Measures a sample and writes the mean and the factor of each channel.
  ///
  /// - Parameters:
  ///   - x: the sample's values.
  ///   - statistics: where mean and reciprocal deviation of all samples and groups are kept.
  ///   - columns: room for 3 x channels, where `isNarrow`.
  func measure(
    _ sample: Int, _ x: UnsafePointer<Float>, means: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>,
    weight: UnsafePointer<Float>?, statistics: UnsafeMutablePointer<Float>?, columns: UnsafeMutablePointer<Float>
  ) {
    let width = channels / groups
    if isNarrow {
      Kernels.table.column_moments(positions, channels, x, columns, columns + channels, columns + 2 * channels)
    }
    for group in 0..<groups {
      let (mean, deviation) = isNarrow ? joined(columns, group) : measured(x, group)
      let variance = deviation / Double(positions * width)
      let scale = Float(1 / (variance + Double(epsilon)).squareRoot())
      statistics?[2 * (sample * groups + group)] = Float(mean)
      statistics?[2 * (sample * groups + group) + 1] = scale
      for channel in group * width..<(group + 1) * width {
        scales[channel] = scale * (weight?[channel] ?? 1)
        means[channel] = Float(mean)
      }
    }
  }

  /// Writes what `measure` wrote, from the statistics that it kept.
  func restore(
    _ sample: Int, statistics: UnsafePointer<Float>, means: UnsafeMutablePointer<Float>,
    scales: UnsafeMutablePointer<Float>, weight: UnsafePointer<Float>?
  ) {
    let width = channels / groups
    for channel in 0..<channels {
      let group = 2 * (sample * groups + channel / width)
      means[channel] = statistics[group]
      scales[channel] = statistics[group + 1] * (weight?[channel] ?? 1)
    }
  }

  /// Groups narrower than a vector are measured channel by channel, all channels at once.
  var isNarrow: Bool { channels / groups < 16 }

  private func measured(_ sample: UnsafePointer<Float>, _ group: Int) -> (mean: Double, deviation: Double) {
    let width = channels / groups
    var (mean, deviation) = (0.0, 0.0)
    Kernels.table.moments(positions, width, channels, sample + group * width, &mean, &deviation)
    return (mean, deviation)
  }

  /// The moments of a group from `column_moments` of its channels.
  private func joined(_ columns: UnsafePointer<Float>, _ group: Int) -> (mean: Double, deviation: Double) {
    let width = channels / groups
    var moments = Moments()
    for channel in group * width..<(group + 1) * width {
      moments.join(
        count: positions, center: columns[channel], sum: columns[channels + channel],
        squares: columns[2 * channels + channel])
    }
    return (moments.mean, max(0, moments.deviation))
  }

  /// With h = (x - mean) scale and g = dy weight: dx = scale (g - average(g) - h average(g h)), averages over a group;
  /// the weight's gradient is the sum of dy h, the bias's the sum of dy.
  public func backward(_ context: borrowing BackwardContext) {
    let (x, dy, dx) = (context.inputs[0], context.outputGradient, context.inputGradients[0])
    let (channels, positions) = (channels, positions)
    let (statistics, partials) = (context.saved[0], context.scratch)
    let rows = context.scratch + batch * 2 * channels
    let weight = affine ? context.parameters[0] : nil
    let add: Int32 = context.accumulate[0] ? 1 : 0
    context.pool.run(tiles: batch) { sample, worker in
      let at = sample * positions * channels
      let products = partials + sample * 2 * channels
      let sums = products + channels
      let means = rows + worker * 4 * channels
      let (a, b, d) = (means + channels, means + 2 * channels, means + 3 * channels)
      restoreMeans(sample, statistics: statistics, to: means)
      Kernels.table.norm_sums(positions, channels, x + at, dy + at, means, products, sums)
      factors(sample, statistics: statistics, weight: weight, products: products, sums: sums, a: a, b: b, d: d)
      if let dx { Kernels.table.norm_gradient(positions, channels, x + at, dy + at, means, a, b, d, dx + at, add) }
    }
    for (index, gradient) in context.parameterGradients.enumerated() {
      Kernels.table.column_sums(batch, channels, 2 * channels, 1, partials + index * channels, gradient)
    }
  }

  /// Writes the mean of each channel of a sample, from the statistics that `measure` kept.
  func restoreMeans(_ sample: Int, statistics: UnsafePointer<Float>, to means: UnsafeMutablePointer<Float>) {
    let width = channels / groups
    for channel in 0..<channels { means[channel] = statistics[2 * (sample * groups + channel / width)] }
  }

  /// Writes the factors of `norm_gradient` of one sample; `products` are scaled to the weight's gradient on the way.
  func factors(
    _ sample: Int, statistics: UnsafePointer<Float>, weight: UnsafePointer<Float>?,
    products: UnsafeMutablePointer<Float>, sums: UnsafePointer<Float>, a: UnsafeMutablePointer<Float>,
    b: UnsafeMutablePointer<Float>, d: UnsafeMutablePointer<Float>
  ) {
    let width = channels / groups
    for group in 0..<groups {
      let scale = statistics[2 * (sample * groups + group) + 1]
      let range = group * width..<(group + 1) * width
      var (sum, product) = (Float(0), Float(0))
      for channel in range {
        products[channel] *= scale
        sum += sums[channel] * (weight?[channel] ?? 1)
        product += products[channel] * (weight?[channel] ?? 1)
      }
      sum /= Float(positions * width)
      product /= Float(positions * width)
      for channel in range {
        a[channel] = scale * (weight?[channel] ?? 1)
        b[channel] = -scale * scale * product
        d[channel] = -scale * sum
      }
    }
  }
}
