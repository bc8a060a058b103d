/// In training, sets each value to zero with probability p and scales the others by 1 / (1 - p); otherwise passes its
/// input through.
///
/// The mask depends on the step's `randomKey` and the value's index in memory alone, so `backward` draws it again.
public struct Dropout: Droppable {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "dropout" }
  public var drops: Bool { threshold > 0 }
  let p: Double

  /// `p` is in 0...1; it takes effect in steps of 1/65536.
  public init(spec: TensorSpec, p: Double) {
    precondition((0...1).contains(p), "p is a probability")
    inputs = [spec]
    output = spec
    self.p = p
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let active = context.training && threshold > 0
    apply(active, context.inputs[0], context.output, adding: false, key: context.randomKey, pool: context.pool)
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    apply(
      threshold > 0, context.outputGradient, dx, adding: context.accumulate[0], key: context.randomKey,
      pool: context.pool)
  }

  /// Values whose 16 random bits are below this are dropped.
  var threshold: UInt32 { UInt32((p * 65536).rounded()) }

  /// What the values that stay are multiplied by.
  var scale: Float { p < 1 ? Float(1 / (1 - p)) : 0 }

  private func apply(
    _ active: Bool, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, adding: Bool, key: RandomKey,
    pool: WorkerPool
  ) {
    guard active else { return pool.copy(output.shape.count, from: x, to: y, adding: adding) }
    let (threshold, scale) = (threshold, scale)
    pool.elements(output.shape.count) { range in
      let at = range.lowerBound
      Kernels.table.dropout(range.count, key.bits, UInt64(at), threshold, scale, x + at, y + at, adding ? 1 : 0)
    }
  }
}
