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
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
