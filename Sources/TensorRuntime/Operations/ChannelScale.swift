/// Each channel times a learnable factor: `y[n, c, ...] = x[n, c, ...] * weight[c]` (Touvron et al. 2021, "Going deeper
/// with image transformers", where it is called layer scale).
///
/// Input and output [N, C, ...] are channels-last.
public struct ChannelScale: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "scale" }
  let rows: Int
  let channels: Int

  /// `spatial` may be empty: then the input is [N, C]. All factors start at `initial`.
  public init(batch: Int, channels: Int, spatial: [Int], initial: Double) {
    let spec = TensorSpec(Shape([batch, channels] + spatial), spatial.isEmpty ? .canonical : .channelsLast)
    inputs = [spec]
    output = spec
    rows = spatial.reduce(batch, *)
    self.channels = channels
    parameters = [ParameterSpec("weight", [channels], initialisation: .constant(Float(initial)))]
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { blocks.tiles * channels }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, weight, y, blocks) = (context.inputs[0], context.parameters[0], context.output, blocks)
    context.pool.run(tiles: blocks.tiles) { block, _ in
      let at = blocks[block].lowerBound * channels
      Kernels.table.scale_columns(blocks[block].count, channels, x + at, weight, y + at, 0)
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (x, weight, dy, dx) = (
      context.inputs[0], context.parameters[0], context.outputGradient, context.inputGradients[0]
    )
    let (partials, blocks, add) = (context.scratch, blocks, context.accumulate[0] ? Int32(1) : 0)
    context.pool.run(tiles: blocks.tiles) { block, _ in
      let (at, count) = (blocks[block].lowerBound * channels, blocks[block].count)
      Kernels.table.column_products(count, channels, x + at, dy + at, partials + block * channels)
      if let dx { Kernels.table.scale_columns(count, channels, dy + at, weight, dx + at, add) }
    }
    Kernels.table.column_sums(blocks.tiles, channels, channels, 1, partials, context.parameterGradients[0])
  }

  /// Rows of one tile; the sums of each are kept apart.
  private var blocks: Tiling { Tiling(rows, by: max(16, 65536 / max(1, channels))) }
}
