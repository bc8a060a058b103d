/// Joins all axes but the first: canonical [N, ...] to [N, F].
public struct Flatten: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "flatten" }

  public init(shape: Shape) {
    precondition(shape.rank >= 1, "a batch axis")
    inputs = [TensorSpec(shape)]
    output = TensorSpec([shape[0], shape.extents.dropFirst().reduce(1, *)])
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    context.pool.copy(output.shape.count, from: context.inputs[0], to: context.output, adding: false)
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    context.pool.copy(output.shape.count, from: context.outputGradient, to: dx, adding: context.accumulate[0])
  }
}
