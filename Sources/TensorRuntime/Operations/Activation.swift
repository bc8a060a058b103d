/// A function applied to each value.
public enum ActivationKind: Hashable, Sendable {
  /// `max(0, x)`
  case relu
  /// `x / (1 + exp(-x))`
  case silu
  /// `x` where x > 0, else `alpha (exp(x) - 1)`; alpha >= 0.
  case elu(alpha: Float)

  /// PyTorch's name in snake case.
  public var label: String {
    switch self {
    case .relu: "relu"
    case .silu: "silu"
    case .elu: "elu"
    }
  }

  /// The gradients of relu and elu follow from their output, so that their input can be given up.
  var gradientReads: GradientReads {
    switch self {
    case .relu, .elu: .output
    case .silu: .inputs
    }
  }
}

/// Applies an `ActivationKind` to each value; any shape and layout.
public struct Activation: Operation {
  public let kind: ActivationKind
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { kind.gradientReads }
  public var label: String { kind.label }

  public init(kind: ActivationKind, spec: TensorSpec) {
    self.kind = kind
    inputs = [spec]
    output = spec
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y) = (context.inputs[0], context.output)
    let (kind, kernels) = (kind, Kernels.table)
    context.pool.elements(output.shape.count) { range in
      let (count, x, y) = (range.count, x + range.lowerBound, y + range.lowerBound)
      switch kind {
      case .relu: kernels.relu(count, x, y)
      case .silu: kernels.silu(count, x, y)
      case .elu(let alpha): kernels.elu(count, alpha, x, y)
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let dy = context.outputGradient
    let add: Int32 = context.accumulate[0] ? 1 : 0
    let known = gradientReads.contains(.inputs) ? context.inputs[0] : context.output
    let (kind, kernels) = (kind, Kernels.table)
    context.pool.elements(output.shape.count) { range in
      let (count, at) = (range.count, range.lowerBound)
      switch kind {
      case .relu: kernels.relu_gradient(count, known + at, dy + at, dx + at, add)
      case .silu: kernels.silu_gradient(count, known + at, dy + at, dx + at, add)
      case .elu(let alpha): kernels.elu_gradient(count, alpha, known + at, dy + at, dx + at, add)
      }
    }
  }
}
