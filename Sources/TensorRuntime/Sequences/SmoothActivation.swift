/// The activations within attention layers: the hyperbolic tangent, and `gelu(x) = x Phi(x)` with the distribution
/// function of the normal distribution (Hendrycks, Gimpel 2016), exact and not by tanh.
public struct SmoothActivation: Operation {
  public enum Function: String, Hashable, Sendable {
    case tanh
    case gelu
  }

  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { function == .tanh ? .output : .inputs }
  public var label: String { function.rawValue }
  let function: Function

  /// Any shape and layout.
  public init(_ function: Function, spec: TensorSpec) {
    self.function = function
    inputs = [spec]
    output = spec
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, function) = (context.inputs[0], context.output, function)
    context.pool.elements(output.shape.count) { range in
      let (count, x, y) = (range.count, x + range.lowerBound, y + range.lowerBound)
      switch function {
      case .tanh: Kernels.table.tanh_values(count, x, y)
      case .gelu: Kernels.table.gelu(count, x, y)
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let known = function == .tanh ? context.output : context.inputs[0]
    let (dy, function, add) = (context.outputGradient, function, context.accumulate[0] ? Int32(1) : 0)
    context.pool.elements(output.shape.count) { range in
      let (count, at) = (range.count, range.lowerBound)
      switch function {
      case .tanh: Kernels.table.tanh_gradient(count, known + at, dy + at, dx + at, add)
      case .gelu: Kernels.table.gelu_gradient(count, known + at, dy + at, dx + at, add)
      }
    }
  }
}
