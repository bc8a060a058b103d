/// Joins tensors along axis 1, the channels or features: all other extents and the layouts are the same.
public struct Concat: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "concat" }

  public init(specs: [TensorSpec]) {
    precondition(!specs.isEmpty && specs.allSatisfy { $0.layout == specs[0].layout }, "one layout")
    inputs = specs
    var extents = specs[0].shape.extents
    extents[1] = specs.reduce(0) { $0 + $1.shape[1] }
    output = TensorSpec(Shape(extents), specs[0].layout)
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
