import Glibc

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

  public func forward(_ context: borrowing ForwardContext) {
    let (inputs, y) = (context.inputs, context.output)
    context.pool.elements(output.shape.count) { range in
      let at = range.lowerBound
      if inputs.count == 1 {
        memcpy(y + at, inputs[0] + at, range.count * MemoryLayout<Float>.stride)
      } else {
        Kernels.table.sum(range.count, inputs[0] + at, inputs[1] + at, y + at)
        for x in inputs.dropFirst(2) { Kernels.table.add(range.count, x + at, y + at) }
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    for (dx, adding) in zip(context.inputGradients, context.accumulate) {
      guard let dx else { continue }
      context.pool.copy(output.shape.count, from: context.outputGradient, to: dx, adding: adding)
    }
  }
}
