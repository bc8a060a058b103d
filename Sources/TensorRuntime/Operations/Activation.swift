/// A function applied to each value.
public enum ActivationKind: Hashable, Sendable {
  /// `max(0, x)`
  case relu
  /// `x / (1 + exp(-x))`
  case silu
  /// `x` where x > 0, else `alpha (exp(x) - 1)`; alpha >= 0.
  case elu(alpha: Float)
}

/// Applies an `ActivationKind` to each value; any shape and layout.
public struct Activation: Operation {
  public let kind: ActivationKind
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "activation" }

  public init(kind: ActivationKind, spec: TensorSpec) {
    self.kind = kind
    inputs = [spec]
    output = spec
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
