/// The mean over all spatial positions: channels-last [N, C, ...] to [N, C].
public struct GlobalAveragePool: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "global_avg_pool" }
  let batch: Int
  let channels: Int
  let positions: Int

  public init(batch: Int, channels: Int, spatial: [Int]) {
    inputs = [TensorSpec(Shape([batch, channels] + spatial), .channelsLast)]
    output = TensorSpec([batch, channels])
    self.batch = batch
    self.channels = channels
    positions = spatial.reduce(1, *)
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, channels, positions) = (context.inputs[0], context.output, channels, positions)
    context.pool.run(tiles: batch) { sample, _ in
      Kernels.table.column_sums(
        positions, channels, channels, 1 / Float(positions), x + sample * positions * channels, y + sample * channels)
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (dy, channels, positions) = (context.outputGradient, channels, positions)
    let add: Int32 = context.accumulate[0] ? 1 : 0
    context.pool.run(tiles: batch) { sample, _ in
      Kernels.table.spread_row(
        positions, channels, 1 / Float(positions), dy + sample * channels, dx + sample * positions * channels, add)
    }
  }
}
