/// `GroupNorm` with statistics over the positions before the end of each sequence, and zeros behind it.
///
/// Inputs: channels-last [N, C, ..., T] and lengths [N].
public struct MaskedGroupNorm: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  public let saved: [Int]
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "masked group_norm" }
  let norm: GroupNorm
  let valid: ValidPositions

  /// The masked form of `norm`, whose input has spatial axes.
  public init(_ norm: GroupNorm, lengths: SequenceLengths) {
    self.norm = norm
    let shape = norm.output.shape
    valid = ValidPositions(
      batch: norm.batch, channels: norm.channels, spatial: Array(shape.extents.dropFirst(2)), lengths: lengths)
    inputs = [norm.output, TensorSpec([norm.batch])]
    output = norm.output
    parameters = norm.parameters
    saved = norm.saved
  }

  // For each worker what the norm itself takes of it, and one sample without its end, where it does not lie together.
  public func forwardScratch(threads: Int) -> Int { threads * (5 * norm.channels + valid.gatheredSize) }
  // For each sample its part of the parameters' gradients; for each worker factors, and a sample's input and gradient.
  public func backwardScratch(threads: Int) -> Int {
    norm.batch * 2 * norm.channels + threads * (4 * norm.channels + 2 * valid.gatheredSize)
  }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, given, y, scratch) = (context.inputs[0], context.inputs[1], context.output, context.scratch)
    let (norm, valid, channels) = (norm, valid, norm.channels)
    let statistics = context.training ? context.saved[0] : nil
    let weight = norm.affine ? context.parameters[0] : nil
    let bias = norm.affine ? context.parameters[1] : nil
    context.pool.run(tiles: valid.batch) { n, worker in
      let count = valid.count(n, given: given)
      let positions = valid.outer * count
      let scales = scratch + worker * (5 * channels + valid.gatheredSize)
      let means = scales + channels
      let at = n * valid.sampleSize
      norm.over(positions).measure(
        n, valid.gathered(count, of: x + at, in: scales + 5 * channels), means: means, scales: scales, weight: weight,
        statistics: statistics, columns: scales + 2 * channels)
      valid.eachRow { Kernels.table.normalise(count, channels, x + at + $0, means, scales, bias, y + at + $0) }
      valid.clearEnds(count, of: y + at)
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (x, given, dy, dx) = (
      context.inputs[0], context.inputs[1], context.outputGradient, context.inputGradients[0]
    )
    let (norm, valid, channels) = (norm, valid, norm.channels)
    let (statistics, partials) = (context.saved[0], context.scratch)
    let workers = context.scratch + norm.batch * 2 * channels
    let weight = norm.affine ? context.parameters[0] : nil
    let add: Int32 = context.accumulate[0] ? 1 : 0
    context.pool.run(tiles: valid.batch) { n, worker in
      let count = valid.count(n, given: given)
      let positions = valid.outer * count
      let means = workers + worker * (4 * channels + 2 * valid.gatheredSize)
      let (a, b, d, room) = (means + channels, means + 2 * channels, means + 3 * channels, means + 4 * channels)
      let (products, sums) = (partials + n * 2 * channels, partials + (n * 2 + 1) * channels)
      let (norm, at) = (norm.over(positions), n * valid.sampleSize)
      norm.restoreMeans(n, statistics: statistics, to: means)
      Kernels.table.norm_sums(
        positions, channels, valid.gathered(count, of: x + at, in: room),
        valid.gathered(count, of: dy + at, in: room + valid.gatheredSize), means, products, sums)
      norm.factors(n, statistics: statistics, weight: weight, products: products, sums: sums, a: a, b: b, d: d)
      guard let dx else { return }
      valid.eachRow {
        Kernels.table.norm_gradient(
          count, channels, x + at + $0, dy + at + $0, means, a, b, d, dx + at + $0, add)
      }
      if add == 0 { valid.clearEnds(count, of: dx + at) }
    }
    for (index, target) in context.parameterGradients.enumerated() {
      Kernels.table.column_sums(norm.batch, channels, 2 * channels, 1, partials + index * channels, target)
    }
  }
}
