/// The mean over all spatial positions: channels-last [N, C, ...] to [N, C].
public struct GlobalAveragePool: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "global_avg_pool" }
  let batch: Int
  let channels: Int
  let positions: Int

  public init(batch: Int, channels: Int, spatial: [Int]) {
    inputs = [TensorSpec(Shape([batch, channels] + spatial), .channelsLast)]
    output = TensorSpec([batch, channels])
    self.batch = batch
    self.channels = channels
    positions = spatial.reduce(1, *)
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
