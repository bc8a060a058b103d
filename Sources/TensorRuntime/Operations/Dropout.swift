/// In training, sets each value to zero with probability p and scales the others by 1 / (1 - p); otherwise passes its input through.
///
/// The mask depends on the step's `randomKey` and the value's index in memory alone, so `backward` draws it again.
public struct Dropout: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "dropout" }
  let p: Double

  /// `p` is in 0...1; it takes effect in steps of 1/65536.
  public init(spec: TensorSpec, p: Double) {
    precondition((0...1).contains(p), "p is a probability")
    inputs = [spec]
    output = spec
    self.p = p
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
