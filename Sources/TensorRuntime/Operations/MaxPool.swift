/// The maximum over windows, as PyTorch's `max_pool1d` and `max_pool2d`: padding counts as minus infinity, NaN wins.
///
/// Input [N, C, ...] and output are channels-last.
public struct MaxPool: Operation {
  public let label: String
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  /// The place of each maximum in its window.
  public let saved: [Int]
  public var gradientReads: GradientReads { [] }

  /// `input`, `kernel`, `stride` and `padding` have one value a spatial axis: one or two; padding is at most half the kernel.
  public init(
    batch: Int, channels: Int, input: [Int], kernel: [Int], stride: [Int], padding: [Int], ceilMode: Bool
  ) {
    precondition((1...2).contains(input.count), "a pool has one or two spatial axes")
    let extents = input.indices.map {
      MaxPool.outputExtent(
        input: input[$0], kernel: kernel[$0], stride: stride[$0], padding: padding[$0], ceilMode: ceilMode)
    }
    inputs = [TensorSpec(Shape([batch, channels] + input), .channelsLast)]
    output = TensorSpec(Shape([batch, channels] + extents), .channelsLast)
    saved = [output.shape.count]
    label = "max_pool\(input.count)d \(kernel.map(String.init).joined(separator: "x"))"
  }

  /// The extent of an output axis; zero where no window fits. With `ceilMode` a last window may hang over the end, but it
  /// must start inside the input or the padding before it (PyTorch's rule).
  public static func outputExtent(input: Int, kernel: Int, stride: Int, padding: Int, ceilMode: Bool) -> Int {
    let room = input + 2 * padding - kernel + (ceilMode ? stride - 1 : 0)
    guard room >= 0 else { return 0 }
    let extent = room / stride + 1
    return ceilMode && (extent - 1) * stride >= input + padding ? extent - 1 : extent
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }
  public func forward(_ context: borrowing ForwardContext) {}
  public func backward(_ context: borrowing BackwardContext) {}
}
