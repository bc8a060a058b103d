/// The maximum over as many windows as are wanted, as PyTorch's `adaptive_max_pool` over one or two spatial axes; NaN
/// wins.
///
/// Input [N, C, ...] and output are channels-last.
public struct AdaptiveMaxPool: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  /// The pixel of each maximum.
  public var saved: [Int] { [output.shape.count] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "adaptive_max_pool\(inputs[0].shape.rank - 2)d" }
  private let grid: PoolGrid

  /// `input` and `output` have one positive value a spatial axis: one or two.
  public init(batch: Int, channels: Int, input: [Int], output: [Int]) {
    grid = PoolGrid(
      channels: channels, input: input, windows: zip(input, output).map { PoolWindows(input: $0, output: $1) })
    inputs = [TensorSpec(Shape([batch, channels] + input), .channelsLast)]
    self.output = TensorSpec(Shape([batch, channels] + output), .channelsLast)
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, grid) = (context.inputs[0], context.output, grid)
    let places = context.training ? places(context.saved[0]) : nil
    context.pool.run(tiles: output.shape[0]) { sample, _ in
      let out = sample * grid.outImageCount
      grid.withLoops { Kernels.table.window_max($0, x + sample * grid.imageCount, y + out, places.map { $0 + out }) }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (dy, grid, places) = (context.outputGradient, grid, places(context.saved[0]))
    let add: Int32 = context.accumulate[0] ? 1 : 0
    context.pool.run(tiles: output.shape[0]) { sample, _ in
      let out = sample * grid.outImageCount
      grid.withLoops {
        Kernels.table.window_max_gradient($0, dy + out, places + out, dx + sample * grid.imageCount, add)
      }
    }
  }

  private func places(_ saved: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(saved).bindMemory(to: Int32.self, capacity: output.shape.count)
  }
}
