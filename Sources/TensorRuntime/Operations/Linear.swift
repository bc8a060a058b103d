/// A fully connected layer: `y = x W^T + b`, [rows, in] to [rows, out]; the weight is [out, in].
public struct Linear: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "linear" }
  let rows: Int
  let inFeatures: Int
  let outFeatures: Int
  let hasBias: Bool

  /// Weight and bias start uniform in ±1/sqrt(in), PyTorch's default, unless `weightInitialisation` says otherwise for the weight.
  public init(
    rows: Int, inFeatures: Int, outFeatures: Int, bias: Bool, weightInitialisation: Initialisation? = nil
  ) {
    self.rows = rows
    self.inFeatures = inFeatures
    self.outFeatures = outFeatures
    hasBias = bias
    inputs = [TensorSpec([rows, inFeatures])]
    output = TensorSpec([rows, outFeatures])
    let bound = 1 / Float(max(1, inFeatures)).squareRoot()
    let weight = ParameterSpec(
      "weight", [outFeatures, inFeatures], initialisation: weightInitialisation ?? .uniform(bound: bound))
    parameters = [weight] + (bias ? [ParameterSpec("bias", [outFeatures], initialisation: .uniform(bound: bound))] : [])
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
