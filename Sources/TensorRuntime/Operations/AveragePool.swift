/// The mean over windows, as PyTorch's `avg_pool` and `adaptive_avg_pool` over one or two spatial axes.
///
/// Input [N, C, ...] and output are channels-last.
public struct AveragePool: Operation {
  public let label: String
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  let grid: PoolGrid

  /// Sliding windows; `input`, `kernel`, `stride` and `padding` have one value a spatial axis, padding is at most half
  /// the kernel. Output extents are those of `MaxPool`.
  ///
  /// - Parameter countIncludePad: whether the zeros of the padding count in the mean.
  public init(
    batch: Int, channels: Int, input: [Int], kernel: [Int], stride: [Int], padding: [Int], ceilMode: Bool,
    countIncludePad: Bool
  ) {
    self.init(
      batch: batch, channels: channels, input: input,
      windows: input.indices.map {
        PoolWindows(
          input: input[$0], kernel: kernel[$0], stride: stride[$0], padding: padding[$0], ceilMode: ceilMode,
          countIncludePad: countIncludePad)
      }, label: "avg_pool\(input.count)d \(kernel.map(String.init).joined(separator: "x"))")
  }

  /// Windows that give `output`, one positive extent a spatial axis.
  public init(batch: Int, channels: Int, input: [Int], adaptiveOutput output: [Int]) {
    self.init(
      batch: batch, channels: channels, input: input,
      windows: zip(input, output).map { PoolWindows(input: $0, output: $1) },
      label: "adaptive_avg_pool\(input.count)d")
  }

  private init(batch: Int, channels: Int, input: [Int], windows: [PoolWindows], label: String) {
    self.label = label
    grid = PoolGrid(channels: channels, input: input, windows: windows)
    inputs = [TensorSpec(Shape([batch, channels] + input), .channelsLast)]
    output = TensorSpec(Shape([batch, channels] + windows.map(\.count)), .channelsLast)
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, grid) = (context.inputs[0], context.output, grid)
    context.pool.run(tiles: output.shape[0]) { sample, _ in
      grid.withLoops {
        Kernels.table.window_average($0, x + sample * grid.imageCount, y + sample * grid.outImageCount)
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (dy, grid, add) = (context.outputGradient, grid, context.accumulate[0] ? Int32(1) : 0)
    context.pool.run(tiles: output.shape[0]) { sample, _ in
      grid.withLoops {
        Kernels.table.window_average_gradient(
          $0, dy + sample * grid.outImageCount, dx + sample * grid.imageCount, add)
      }
    }
  }
}
