/// Group normalisation (Wu, He 2018): over each sample's groups of channels and all spatial positions,
/// `y = (x - mean) / sqrt(variance + epsilon) * weight[c] + bias[c]`, with the biased variance.
///
/// Input and output [N, C, ...] are channels-last; weight and bias are [C].
public struct GroupNorm: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  /// Mean and reciprocal deviation of each sample and group.
  public let saved: [Int]
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "group_norm" }
  let batch: Int
  let channels: Int
  let positions: Int
  let groups: Int
  let epsilon: Float
  let affine: Bool

  /// `groups` divides `channels`. `spatial` may be empty: then the input is [N, C].
  public init(batch: Int, channels: Int, spatial: [Int], groups: Int, epsilon: Double, affine: Bool) {
    precondition(channels % groups == 0, "groups divide the channels")
    let spec = TensorSpec(Shape([batch, channels] + spatial), spatial.isEmpty ? .canonical : .channelsLast)
    inputs = [spec]
    output = spec
    self.batch = batch
    self.channels = channels
    positions = spatial.reduce(1, *)
    self.groups = groups
    self.epsilon = Float(epsilon)
    self.affine = affine
    parameters = affine ? ParameterSpec.scaleAndShift([channels]) : []
    saved = [2 * batch * groups]
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
