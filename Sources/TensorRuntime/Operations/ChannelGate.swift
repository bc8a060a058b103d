/// Each channel of a sample times a number of its own: `y[n, c, ...] = x[n, c, ...] * gate[n, c]`.
///
/// Input and output [N, C, ...] are channels-last, the gate is [N, C].
public struct ChannelGate: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "mul by channel" }
  let batch: Int
  let channels: Int
  let positions: Int

  public init(batch: Int, channels: Int, spatial: [Int]) {
    let spec = TensorSpec(Shape([batch, channels] + spatial), .channelsLast)
    inputs = [spec, TensorSpec([batch, channels])]
    output = spec
    self.batch = batch
    self.channels = channels
    positions = spatial.reduce(1, *)
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { threads * channels }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, gate, y) = (context.inputs[0], context.inputs[1], context.output)
    context.pool.run(tiles: batch) { sample, _ in
      let at = sample * positions * channels
      Kernels.table.scale_columns(positions, channels, x + at, gate + sample * channels, y + at, 0)
    }
  }

  /// The input's gradient is the output's times the gate, the gate's the sum of the output's times the input.
  public func backward(_ context: borrowing BackwardContext) {
    let (x, gate, dy) = (context.inputs[0], context.inputs[1], context.outputGradient)
    let (dx, dGate, accumulate, scratch) = (
      context.inputGradients[0], context.inputGradients[1], context.accumulate, context.scratch
    )
    context.pool.run(tiles: batch) { sample, worker in
      let at = sample * positions * channels
      if let dx {
        Kernels.table.scale_columns(
          positions, channels, dy + at, gate + sample * channels, dx + at, accumulate[0] ? 1 : 0)
      }
      guard let dGate else { return }
      if accumulate[1] {
        let sums = scratch + worker * channels
        Kernels.table.column_products(positions, channels, x + at, dy + at, sums)
        Kernels.table.add(channels, sums, dGate + sample * channels)
      } else {
        Kernels.table.column_products(positions, channels, x + at, dy + at, dGate + sample * channels)
      }
    }
  }
}
