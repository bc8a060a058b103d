/// Layer normalisation (Ba, Kiros, Hinton 2016): over each run of `normalized` trailing values,
/// `y = (x - mean) / sqrt(variance + epsilon) * weight + bias`, with the biased variance.
///
/// Input and output are canonical; weight and bias are [normalized].
public struct LayerNorm: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  /// Mean and reciprocal deviation of each row.
  public let saved: [Int]
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "layer_norm" }
  let rows: Int
  let width: Int
  let epsilon: Float
  let affine: Bool

  /// `shape` is the input's, batch first; `normalized` is the product of its trailing extents that are normalised together.
  public init(shape: Shape, normalized: Int, epsilon: Double, affine: Bool) {
    precondition(normalized > 0 && shape.count % normalized == 0, "whole rows")
    inputs = [TensorSpec(shape)]
    output = TensorSpec(shape)
    rows = shape.count / normalized
    width = normalized
    self.epsilon = Float(epsilon)
    self.affine = affine
    parameters = affine ? ParameterSpec.scaleAndShift([normalized]) : []
    saved = [2 * rows]
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
