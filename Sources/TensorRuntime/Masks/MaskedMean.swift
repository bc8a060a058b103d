/// The mean over the positions before the end of each sequence: channels-last [N, C, ..., T] and lengths [N] to [N, C].
public struct MaskedMean: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  public func gradientReadsInput(_ index: Int) -> Bool { index == 1 }
  public var label: String { "masked global_avg_pool" }
  let valid: ValidPositions

  public init(batch: Int, channels: Int, spatial: [Int], lengths: SequenceLengths) {
    valid = ValidPositions(batch: batch, channels: channels, spatial: spatial, lengths: lengths)
    inputs = [TensorSpec(Shape([batch, channels] + spatial), .channelsLast), TensorSpec([batch])]
    output = TensorSpec([batch, channels])
  }

  /// For each worker one sample without its end.
  public func forwardScratch(threads: Int) -> Int { threads * valid.gatheredSize }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, given, y, valid, scratch) = (
      context.inputs[0], context.inputs[1], context.output, valid, context.scratch
    )
    context.pool.run(tiles: valid.batch) { n, worker in
      let count = valid.count(n, given: given)
      let sample = valid.gathered(count, of: x + n * valid.sampleSize, in: scratch + worker * valid.gatheredSize)
      let rows = valid.outer * count
      Kernels.table.column_sums(
        rows, valid.channels, valid.channels, 1 / Float(max(1, rows)), sample, y + n * valid.channels)
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (dy, given, valid, add) = (
      context.outputGradient, context.inputs[1], valid, context.accumulate[0] ? Int32(1) : 0
    )
    context.pool.run(tiles: valid.batch) { n, _ in
      let count = valid.count(n, given: given)
      let (share, sample) = (1 / Float(max(1, valid.outer * count)), dx + n * valid.sampleSize)
      valid.eachRow {
        Kernels.table.spread_row(count, valid.channels, share, dy + n * valid.channels, sample + $0, add)
      }
      if add == 0 { valid.clearEnds(count, of: sample) }
    }
  }
}
