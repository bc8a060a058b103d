/// Dropout of whole channels (Tompson et al. 2015) or whole samples (stochastic depth; Huang et al. 2016): in training,
/// sets each block to zero with probability p and scales the others by 1 / (1 - p); otherwise passes its input through.
///
/// The mask depends on the step's `randomKey` and the block's index alone, so `backward` draws it again. Tensors
/// [N, C, ...] are channels-last for channels; any layout will do for samples.
public struct BlockDropout: Droppable {
  /// What is kept or dropped as one.
  public enum Block: String, Sendable {
    case channel = "spatial_dropout"
    case sample = "drop_path"
  }

  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { block.rawValue }
  public var drops: Bool { threshold > 0 }
  let block: Block
  let p: Double

  /// `p` is in 0...1; it takes effect in steps of 1/65536.
  public init(_ block: Block, spec: TensorSpec, p: Double) {
    precondition((0...1).contains(p), "p is a probability")
    precondition(block == .sample || spec.layout == .channelsLast || spec.shape.rank == 2, "channels innermost")
    self.block = block
    inputs = [spec]
    output = spec
    self.p = p
  }

  public func forwardScratch(threads: Int) -> Int { blocks }
  public func backwardScratch(threads: Int) -> Int { blocks }

  public func forward(_ context: borrowing ForwardContext) {
    apply(
      context.training && threshold > 0, context.inputs[0], context.output, adding: false, factors: context.scratch,
      key: context.randomKey, pool: context.pool)
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    apply(
      threshold > 0, context.outputGradient, dx, adding: context.accumulate[0], factors: context.scratch,
      key: context.randomKey, pool: context.pool)
  }

  /// Blocks whose 16 random bits are below this are dropped.
  private var threshold: UInt32 { UInt32((p * 65536).rounded()) }
  private var blocks: Int { output.shape[0] * (block == .channel ? output.shape[1] : 1) }

  private func apply(
    _ active: Bool, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, adding: Bool,
    factors: UnsafeMutablePointer<Float>, key: RandomKey, pool: WorkerPool
  ) {
    let shape = output.shape
    guard active else { return pool.copy(shape.count, from: x, to: y, adding: adding) }
    factors.update(repeating: 1, count: blocks)
    Kernels.table.dropout(blocks, key.bits, 0, threshold, p < 1 ? Float(1 / (1 - p)) : 0, factors, factors, 0)
    let (count, add, width) = (shape.count / max(1, shape[0]), adding ? Int32(1) : 0, shape[1])
    pool.run(tiles: shape[0]) { sample, _ in
      let at = sample * count
      switch block {
      case .channel:
        Kernels.table.scale_columns(count / width, width, x + at, factors + sample * width, y + at, add)
      case .sample: Kernels.table.spread_row(1, count, factors[sample], x + at, y + at, add)
      }
    }
  }
}
