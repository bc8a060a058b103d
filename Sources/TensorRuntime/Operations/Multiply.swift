/// The product of two tensors of one shape and layout, value by value.
public struct Multiply: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "mul" }

  public init(spec: TensorSpec) {
    inputs = [spec, spec]
    output = spec
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (a, b, y) = (context.inputs[0], context.inputs[1], context.output)
    context.pool.elements(output.shape.count) { range in
      let at = range.lowerBound
      Kernels.table.product(range.count, a + at, b + at, y + at, 0)
    }
  }

  /// Each input's gradient is the output's times the other input.
  public func backward(_ context: borrowing BackwardContext) {
    let dy = context.outputGradient
    for index in 0..<2 {
      guard let dx = context.inputGradients[index] else { continue }
      let (other, add) = (context.inputs[1 - index], context.accumulate[index] ? Int32(1) : 0)
      context.pool.elements(output.shape.count) { range in
        let at = range.lowerBound
        Kernels.table.product(range.count, dy + at, other + at, dx + at, add)
      }
    }
  }
}
