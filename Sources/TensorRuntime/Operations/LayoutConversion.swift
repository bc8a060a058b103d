/// Moves a tensor's values from one layout to another; the shape stays.
public struct LayoutConversion: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "layout" }

  /// `shape` is [N, C, ...].
  public init(shape: Shape, from: Layout, to: Layout) {
    precondition(shape.rank >= 2, "batch and channels")
    inputs = [TensorSpec(shape, from)]
    output = TensorSpec(shape, to)
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    convert(
      from: inputs[0].layout, context.inputs[0], to: output.layout, context.output, adding: false, pool: context.pool)
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    convert(
      from: output.layout, context.outputGradient, to: inputs[0].layout, dx, adding: context.accumulate[0],
      pool: context.pool)
  }

  private func convert(
    from: Layout, _ x: UnsafePointer<Float>, to: Layout, _ y: UnsafeMutablePointer<Float>, adding: Bool,
    pool: WorkerPool
  ) {
    let shape = output.shape
    guard from != to else { return pool.copy(shape.count, from: x, to: y, adding: adding) }
    let (channels, positions) = (shape[1], shape.extents.dropFirst(2).reduce(1, *))
    let (rows, columns) = from == .canonical ? (channels, positions) : (positions, channels)
    pool.run(tiles: shape[0]) { sample, _ in
      let at = sample * rows * columns
      Kernels.table.transpose(rows, columns, x + at, y + at, adding ? 1 : 0)
    }
  }
}
