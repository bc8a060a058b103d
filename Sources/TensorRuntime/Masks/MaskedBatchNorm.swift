/// `BatchNorm` over the positions of all samples before the ends of their sequences, and zeros behind them.
///
/// Inputs: channels-last [N, C, ..., T] and lengths [N].
public struct MaskedBatchNorm: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  public let states: [ParameterSpec]
  public let saved: [Int]
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "masked batch_norm" }
  let norm: BatchNorm
  let valid: ValidPositions

  /// The masked form of `norm`, whose input has spatial axes.
  public init(_ norm: BatchNorm, lengths: SequenceLengths) {
    self.norm = norm
    let shape = norm.output.shape
    valid = ValidPositions(
      batch: shape[0], channels: norm.channels, spatial: Array(shape.extents.dropFirst(2)), lengths: lengths)
    inputs = [norm.output, TensorSpec([shape[0]])]
    output = norm.output
    parameters = norm.parameters
    states = norm.states
    saved = norm.saved
  }

  public func problem(training: Bool) -> String? { norm.problem(training: training) }

  // All samples without their ends as input and output, and what the norm itself takes.
  public func forwardScratch(threads: Int) -> Int { 2 * output.shape.count + norm.forwardScratch(threads: threads) }
  public func backwardScratch(threads: Int) -> Int { 3 * output.shape.count + norm.backwardScratch(threads: threads) }

  public func forward(_ context: borrowing ForwardContext) {
    let (rows, size) = (Rows(valid, given: context.inputs[1]), output.shape.count)
    let (x, y) = (context.scratch, context.scratch + size)
    rows.gather(context.inputs[0], to: x, pool: context.pool)
    norm.over(rows.count).forward(
      ForwardContext(
        inputs: [UnsafePointer(x)], output: y, parameters: context.parameters, states: context.states,
        saved: context.saved, scratch: y + size, pool: context.pool, training: context.training,
        randomKey: context.randomKey))
    rows.scatter(y, to: context.output, adding: false, pool: context.pool)
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (rows, size) = (Rows(valid, given: context.inputs[1]), output.shape.count)
    let (x, dy, dx) = (context.scratch, context.scratch + size, context.scratch + 2 * size)
    rows.gather(context.inputs[0], to: x, pool: context.pool)
    rows.gather(context.outputGradient, to: dy, pool: context.pool)
    norm.over(rows.count).backward(
      BackwardContext(
        inputs: [UnsafePointer(x)], output: context.output, outputGradient: UnsafePointer(dy),
        inputGradients: [context.inputGradients[0] == nil ? nil : dx], accumulate: [false],
        parameters: context.parameters, parameterGradients: context.parameterGradients, saved: context.saved,
        scratch: dx + size, pool: context.pool, randomKey: context.randomKey))
    guard let target = context.inputGradients[0] else { return }
    rows.scatter(dx, to: target, adding: context.accumulate[0], pool: context.pool)
  }

  /// The valid positions of all samples as rows of one matrix.
  private struct Rows: Sendable {
    let valid: ValidPositions
    /// Of each sample along the last axis.
    let lengths: [Int]
    /// Rows before each sample.
    let starts: [Int]
    let count: Int

    init(_ valid: ValidPositions, given: UnsafePointer<Float>) {
      self.valid = valid
      lengths = (0..<valid.batch).map { valid.count($0, given: given) }
      var (starts, sum) = ([Int](), 0)
      for length in lengths {
        starts.append(sum)
        sum += length * valid.outer
      }
      (self.starts, count) = (starts, sum)
    }

    func gather(_ source: UnsafePointer<Float>, to compact: UnsafeMutablePointer<Float>, pool: WorkerPool) {
      pool.run(tiles: valid.batch) { n, _ in
        valid.gather(lengths[n], of: source + n * valid.sampleSize, to: compact + starts[n] * valid.channels)
      }
    }

    /// The inverse of `gather`: zeros, or where `adding` nothing, behind the ends.
    func scatter(
      _ compact: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, adding: Bool, pool: WorkerPool
    ) {
      pool.run(tiles: valid.batch) { n, _ in
        let (count, sample) = (lengths[n] * valid.channels, target + n * valid.sampleSize)
        var source = compact + starts[n] * valid.channels
        valid.eachRow { row in
          if adding {
            Kernels.table.add(count, source, sample + row)
          } else {
            (sample + row).update(from: source, count: count)
          }
          source += count
        }
        if !adding { valid.clearEnds(lengths[n], of: sample) }
      }
    }
  }
}
