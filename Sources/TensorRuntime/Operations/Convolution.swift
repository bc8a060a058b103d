/// Convolution over one or two spatial axes, as PyTorch's `conv1d` and `conv2d` (cross-correlation):
/// `y[n, o, p] = b[o] + sum over i, k of w[o, i, k] * x[n, i, p * stride - padding + k * dilation]`.
///
/// Input [N, C, ...] and output [N, O, ...] are channels-last. The weight is [O, C / groups, k...] to the outside and lies
/// as [O, k..., C / groups].
public struct Convolution: Operation {
  public let label: String
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  let geometry: ConvolutionGeometry
  let hasBias: Bool

  /// `input`, `kernel`, `stride`, `padding` and `dilation` have one value a spatial axis: one or two. Weight and bias start
  /// uniform in ±1/sqrt(fan in), PyTorch's default, unless `weightInitialisation` says otherwise for the weight.
  public init(
    batch: Int, inChannels: Int, outChannels: Int, input: [Int], kernel: [Int], stride: [Int], padding: [Int],
    dilation: [Int], groups: Int, bias: Bool, weightInitialisation: Initialisation? = nil
  ) {
    precondition((1...2).contains(input.count), "a convolution has one or two spatial axes")
    precondition([kernel, stride, padding, dilation].allSatisfy { $0.count == input.count }, "one value an axis")
    precondition(inChannels % groups == 0 && outChannels % groups == 0, "groups divide the channels")
    let geometry = ConvolutionGeometry(
      batch: batch, inChannels: inChannels, outChannels: outChannels, input: input, kernel: kernel, stride: stride,
      padding: padding, dilation: dilation, groups: groups)
    self.geometry = geometry
    hasBias = bias
    let outExtents = input.count == 1 ? [geometry.outWidth] : [geometry.outHeight, geometry.outWidth]
    inputs = [TensorSpec(Shape([batch, inChannels] + input), .channelsLast)]
    output = TensorSpec(Shape([batch, outChannels] + outExtents), .channelsLast)
    let bound = 1 / Float(max(1, geometry.patch)).squareRoot()
    let weight = ParameterSpec(
      "weight", Shape([outChannels, inChannels / groups] + kernel),
      memoryOrder: input.count == 1 ? [0, 2, 1] : [0, 2, 3, 1],
      initialisation: weightInitialisation ?? .uniform(bound: bound))
    let biases = bias ? [ParameterSpec("bias", [outChannels], initialisation: .uniform(bound: bound))] : []
    parameters = [weight] + biases
    label = "conv\(input.count)d \(kernel.map(String.init).joined(separator: "x"))"
  }

  /// The extent of an output axis: floor((input + 2 padding - dilation (kernel - 1) - 1) / stride) + 1, and not positive where
  /// the kernel does not fit.
  public static func outputExtent(input: Int, kernel: Int, stride: Int, padding: Int, dilation: Int) -> Int {
    let room = input + 2 * padding - dilation * (kernel - 1) - 1
    return room < 0 ? 0 : room / stride + 1
  }

  public func forwardScratch(threads: Int) -> Int { patches.forwardScratch(threads: threads) }

  public func backwardScratch(threads: Int) -> Int {
    max(
      patches.inputGradientScratch(threads: threads), weightGradient.scratch(threads: threads),
      hasBias ? biasSums.scratch : 0)
  }

  public func forward(_ context: borrowing ForwardContext) {
    patches.forward(
      x: context.inputs[0], weight: context.parameters[0], bias: hasBias ? context.parameters[1] : nil,
      y: context.output, scratch: context.scratch, pool: context.pool)
  }

  public func backward(_ context: borrowing BackwardContext) {
    let dy = context.outputGradient
    if let dx = context.inputGradients[0] {
      patches.inputGradient(
        dy: dy, weight: context.parameters[0], dx: dx, accumulate: context.accumulate[0], scratch: context.scratch,
        pool: context.pool)
    }
    weightGradient.run(
      x: context.inputs[0], dy: dy, dw: context.parameterGradients[0], scratch: context.scratch, pool: context.pool)
    if hasBias {
      biasSums.run(dy, sums: context.parameterGradients[1], scratch: context.scratch, pool: context.pool)
    }
  }

  private var patches: PatchConvolution { PatchConvolution(geometry) }
  private var weightGradient: PatchWeightGradient { PatchWeightGradient(geometry) }
  private var biasSums: ColumnSums {
    ColumnSums(rows: geometry.batch * geometry.outPixels, columns: geometry.outChannels)
  }
}
