/// The normalisation at the start of a fused chain.
enum ChainNorm: Sendable {
  /// Statistics of each sample.
  case group(GroupNorm)
  /// Statistics of the batch.
  case batch(BatchNorm)

  /// Takes a `GroupNorm` or a `BatchNorm`; nil for anything else.
  init?(_ operation: any Operation) {
    switch operation {
    case let norm as GroupNorm: self = .group(norm)
    case let norm as BatchNorm: self = .batch(norm)
    default: return nil
    }
  }

  var operation: any Operation {
    switch self {
    case .group(let norm): norm
    case .batch(let norm): norm
    }
  }

  var isAffine: Bool {
    switch self {
    case .group(let norm): norm.affine
    case .batch(let norm): norm.affine
    }
  }

  /// Rows of means and factors: one a sample, or one for the batch.
  var statisticRows: Int {
    switch self {
    case .group(let norm): norm.batch
    case .batch: 1
    }
  }

  /// Floats that `measure` needs.
  func measuringScratch(threads: Int) -> Int {
    switch self {
    case .group(let norm): norm.isNarrow ? threads * 3 * norm.channels : 0
    case .batch(let norm): norm.moments.scratch
    }
  }

  /// Writes the means and factors [statisticRows, channels] that the forward pass normalises by, as the operation alone
  /// would; in training it keeps its statistics.
  func measure(
    _ context: borrowing ForwardContext, means: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .batch(let norm): norm.prepare(context, means: means, scales: scales, scratch: scratch)
    case .group(let norm):
      let (x, statistics) = (context.inputs[0], context.training ? context.saved[0] : nil)
      let weight = norm.affine ? context.parameters[0] : nil
      let channels = norm.channels
      context.pool.run(tiles: norm.batch) { sample, worker in
        norm.measure(
          sample, x + sample * norm.positions * channels, means: means + sample * channels,
          scales: scales + sample * channels, weight: weight, statistics: statistics,
          columns: scratch + worker * 3 * channels)
      }
    }
  }

  /// Writes what `measure` wrote in training, from the statistics that it kept.
  func restore(
    statistics: UnsafePointer<Float>, weight: UnsafePointer<Float>?, means: UnsafeMutablePointer<Float>,
    scales: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .batch(let norm): norm.restore(statistics: statistics, means: means, scales: scales, weight: weight)
    case .group(let norm):
      for sample in 0..<norm.batch {
        let at = sample * norm.channels
        norm.restore(sample, statistics: statistics, means: means + at, scales: scales + at, weight: weight)
      }
    }
  }
}
