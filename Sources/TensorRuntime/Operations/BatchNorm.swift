/// Batch normalisation (Ioffe, Szegedy 2015), as PyTorch's: over the batch and all spatial positions of each channel,
/// `y = (x - mean) / sqrt(variance + epsilon) * weight[c] + bias[c]`, with the biased variance.
///
/// Training moves running statistics towards those of the batch, `r += momentum (statistic - r)`, there with the
/// unbiased variance; evaluation normalises by them. Input and output [N, C, ...] are channels-last; weight, bias and
/// running statistics are [C].
public struct BatchNorm: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  /// `running_mean`, `running_var` and `num_batches_tracked`, where statistics are tracked.
  public let states: [ParameterSpec]
  /// Mean and reciprocal deviation of each channel.
  public let saved: [Int]
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "batch_norm" }
  private(set) var rows: Int
  let channels: Int
  let epsilon: Double
  let momentum: Double?
  let affine: Bool
  let tracks: Bool

  /// - Parameters:
  ///   - spatial: may be empty: then the input is [N, C].
  ///   - momentum: the share of a new batch in the running statistics; nil averages all batches alike.
  ///   - tracks: whether there are running statistics; without them evaluation uses those of its batch.
  public init(
    batch: Int, channels: Int, spatial: [Int], epsilon: Double, momentum: Double?, affine: Bool, tracks: Bool
  ) {
    let spec = TensorSpec(Shape([batch, channels] + spatial), spatial.isEmpty ? .canonical : .channelsLast)
    inputs = [spec]
    output = spec
    rows = spatial.reduce(batch, *)
    self.channels = channels
    self.epsilon = epsilon
    self.momentum = momentum
    self.affine = affine
    self.tracks = tracks
    parameters = affine ? ParameterSpec.scaleAndShift([channels]) : []
    states =
      tracks
      ? [
        ParameterSpec("running_mean", [channels], initialisation: .constant(0)),
        ParameterSpec("running_var", [channels], initialisation: .constant(1)),
        ParameterSpec("num_batches_tracked", [], initialisation: .constant(0)),
      ] : []
    saved = [2 * channels]
  }

  /// The same norm of a batch of `rows` positions in all, fewer than it was made for.
  func over(_ rows: Int) -> BatchNorm {
    var result = self
    result.rows = rows
    return result
  }

  /// One value has no variance; PyTorch refuses it too.
  public func problem(training: Bool) -> String? {
    rows == 1 && (training || !tracks) ? "batch_norm needs more than one value a channel to take statistics of" : nil
  }

  public func forwardScratch(threads: Int) -> Int { 2 * channels + moments.scratch }
  // Three rows of factors, and each block's part of the parameters' gradients.
  public func backwardScratch(threads: Int) -> Int { (3 + 2 * blocks.tiles) * channels }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, channels) = (context.inputs[0], context.output, channels)
    let (means, scales) = (context.scratch, context.scratch + channels)
    let bias = affine ? context.parameters[1] : nil
    prepare(context, means: means, scales: scales, scratch: context.scratch + 2 * channels)
    let blocks = blocks
    context.pool.run(tiles: blocks.tiles) { block, _ in
      let at = blocks[block].lowerBound * channels
      Kernels.table.normalise(blocks[block].count, channels, x + at, means, scales, bias, y + at)
    }
  }

  /// Writes the means and factors that this call normalises by: in training those of the batch, which are kept for
  /// `backward` and move the running statistics. `context` has the operation's parameters, states and saved buffers
  /// first among its own, and its input; `scratch` is `moments.scratch` long.
  func prepare(
    _ context: borrowing ForwardContext, means: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let weight = affine ? context.parameters[0] : nil
    if context.training || !tracks {
      measure(context, means: means, scales: scales, weight: weight, scratch: scratch)
    } else {
      let (runningMean, runningVariance) = (context.states[0], context.states[1])
      for channel in 0..<channels {
        means[channel] = runningMean[channel]
        scales[channel] = reciprocalDeviation(Double(runningVariance[channel])) * (weight?[channel] ?? 1)
      }
    }
  }

  /// Writes what `prepare` wrote in training, from the statistics that it kept.
  func restore(
    statistics: UnsafePointer<Float>, means: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>,
    weight: UnsafePointer<Float>?
  ) {
    for channel in 0..<channels {
      means[channel] = statistics[channel]
      scales[channel] = statistics[channels + channel] * (weight?[channel] ?? 1)
    }
  }

  private func measure(
    _ context: borrowing ForwardContext, means: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>,
    weight: UnsafePointer<Float>?, scratch: UnsafeMutablePointer<Float>
  ) {
    let (channels, rows) = (channels, rows)
    let statistics = context.training ? context.saved[0] : nil
    let running = context.training && tracks ? (mean: context.states[0], variance: context.states[1]) : nil
    if running != nil { context.states[2].pointee += 1 }
    let share = running == nil ? 0 : momentum ?? 1 / Double(context.states[2].pointee)
    moments.run(context.inputs[0], scratch: scratch, pool: context.pool) {
      channel, mean, deviation in
      let scale = reciprocalDeviation(deviation / Double(rows))
      means[channel] = Float(mean)
      scales[channel] = scale * (weight?[channel] ?? 1)
      statistics?[channel] = Float(mean)
      statistics?[channels + channel] = scale
      if let running {
        let (oldMean, oldVariance) = (Double(running.mean[channel]), Double(running.variance[channel]))
        running.mean[channel] = Float(oldMean + share * (mean - oldMean))
        running.variance[channel] = Float(oldVariance + share * (deviation / Double(rows - 1) - oldVariance))
      }
    }
  }

  /// With h = (x - mean) scale and g = dy weight: dx = scale (g - average(g) - h average(g h)), averages over a channel;
  /// the weight's gradient is the sum of dy h, the bias's the sum of dy.
  public func backward(_ context: borrowing BackwardContext) {
    let (x, dy, dx) = (context.inputs[0], context.outputGradient, context.inputGradients[0])
    let (channels, blocks) = (channels, blocks)
    let (means, deviations) = (context.saved[0], context.saved[0] + channels)
    let (a, b, d) = (context.scratch, context.scratch + channels, context.scratch + 2 * channels)
    let partials = context.scratch + 3 * channels
    context.pool.run(tiles: blocks.tiles) { block, _ in
      let at = blocks[block].lowerBound * channels
      let products = partials + block * 2 * channels
      Kernels.table.norm_sums(blocks[block].count, channels, x + at, dy + at, means, products, products + channels)
    }
    let weight = affine ? context.parameters[0] : nil
    let gradients = affine ? (weight: context.parameterGradients[0], bias: context.parameterGradients[1]) : nil
    factors(
      partials, tiles: blocks.tiles, deviations: deviations, weight: weight, weightGradient: gradients?.weight,
      biasGradient: gradients?.bias, a: a, b: b, d: d)
    guard let dx else { return }
    let add: Int32 = context.accumulate[0] ? 1 : 0
    context.pool.run(tiles: blocks.tiles) { block, _ in
      let at = blocks[block].lowerBound * channels
      Kernels.table.norm_gradient(blocks[block].count, channels, x + at, dy + at, means, a, b, d, dx + at, add)
    }
  }

  /// Joins the sums of all tiles, [tiles, 2, channels], writes the parameters' gradients and the factors of
  /// `norm_gradient`.
  func factors(
    _ partials: UnsafePointer<Float>, tiles: Int, deviations: UnsafePointer<Float>, weight: UnsafePointer<Float>?,
    weightGradient: UnsafeMutablePointer<Float>?, biasGradient: UnsafeMutablePointer<Float>?,
    a: UnsafeMutablePointer<Float>, b: UnsafeMutablePointer<Float>, d: UnsafeMutablePointer<Float>
  ) {
    for channel in 0..<channels {
      var (product, sum) = (0.0, 0.0)
      for tile in 0..<tiles {
        product += Double(partials[tile * 2 * channels + channel])
        sum += Double(partials[(tile * 2 + 1) * channels + channel])
      }
      let scale = Double(deviations[channel])
      let outer = scale * Double(weight?[channel] ?? 1)
      product *= scale
      weightGradient?[channel] = Float(product)
      biasGradient?[channel] = Float(sum)
      a[channel] = Float(outer)
      b[channel] = Float(-outer * scale * product / Double(rows))
      d[channel] = Float(-outer * sum / Double(rows))
    }
  }

  private func reciprocalDeviation(_ variance: Double) -> Float { Float(1 / (variance + epsilon).squareRoot()) }

  var moments: ColumnMoments { ColumnMoments(rows: rows, columns: channels) }
  /// Rows of one tile; the sums of each are kept apart.
  private var blocks: Tiling { Tiling(rows, by: max(16, 65536 / max(1, channels))) }
}
