/// The sum of `count` tensors of one shape and layout.
public struct Add: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "add" }

  public init(spec: TensorSpec, count: Int) {
    precondition(count > 0, "something to add")
    inputs = Array(repeating: spec, count: count)
    output = spec
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
