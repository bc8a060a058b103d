/// Convolution over one or two spatial axes, as PyTorch's `conv1d` and `conv2d` (cross-correlation):
/// `y[n, o, p] = b[o] + sum over i, k of w[o, i, k] * x[n, i, p * stride - padding + k * dilation]`.
///
/// Input [N, C, ...] and output [N, O, ...] are channels-last. The weight is [O, C / groups, k...] to the outside and
/// lies as [O, k..., C / groups].
public struct Convolution: EpilogueHost {
  public var label: String { "\(name) \(algorithms.forward.name)\(epilogue.label)" }
  public private(set) var inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { epilogue.gradientReads.union(.inputs) }
  public func gradientReadsInput(_ index: Int) -> Bool { index == 0 }
  private let name: String
  private var epilogue = Epilogue(addsTensor: false, activation: nil)
  /// What the algorithms compute: narrow groups are merged.
  private let geometry: ConvolutionGeometry
  private let merged: MergedGroups?
  private let hasBias: Bool
  private var algorithms: ChosenAlgorithms

  /// `input`, `kernel`, `stride`, `padding` and `dilation` have one value a spatial axis: one or two. `padding` is that
  /// before the first point, `paddingEnd` that behind the last, the same where it is nil.
  public init(
    batch: Int, inChannels: Int, outChannels: Int, input: [Int], kernel: [Int], stride: [Int], padding: [Int],
    paddingEnd: [Int]? = nil, dilation: [Int], groups: Int, bias: Bool, initialisation: WeightInitialisation = .pytorch
  ) {
    precondition((1...2).contains(input.count), "a convolution has one or two spatial axes")
    precondition([kernel, stride, padding, dilation].allSatisfy { $0.count == input.count }, "one value an axis")
    precondition(inChannels % groups == 0 && outChannels % groups == 0, "groups divide the channels")
    let geometry = ConvolutionGeometry(
      batch: batch, inChannels: inChannels, outChannels: outChannels, input: input, kernel: kernel, stride: stride,
      padding: padding, paddingEnd: paddingEnd ?? padding, dilation: dilation, groups: groups)
    merged = DepthwiseConvolution(geometry) == nil ? MergedGroups(geometry) : nil
    let work = merged?.merged ?? geometry
    self.geometry = work
    hasBias = bias
    let outExtents = input.count == 1 ? [geometry.outWidth] : [geometry.outHeight, geometry.outWidth]
    inputs = [TensorSpec(Shape([batch, inChannels] + input), .channelsLast)]
    output = TensorSpec(Shape([batch, outChannels] + outExtents), .channelsLast)
    // As PyTorch counts them: the output's fan does not see the groups.
    let (fanIn, fanOut) = (geometry.patch, outChannels * geometry.kernelArea)
    let weight = ParameterSpec(
      "weight", Shape([outChannels, inChannels / groups] + kernel),
      memoryOrder: input.count == 1 ? [0, 2, 1] : [0, 2, 3, 1],
      initialisation: initialisation.weight(fanIn: fanIn, fanOut: fanOut))
    let biases = bias ? [ParameterSpec("bias", [outChannels], initialisation: initialisation.bias(fanIn: fanIn))] : []
    parameters = [weight] + biases
    algorithms = .cheapest(for: work)
    name = "conv\(input.count)d \(kernel.map(String.init).joined(separator: "x"))"
  }

  /// The extent of an output axis: floor((input + padding + paddingEnd - dilation (kernel - 1) - 1) / stride) + 1, and
  /// not positive where the kernel does not fit. `paddingEnd` is `padding` where it is nil.
  public static func outputExtent(
    input: Int, kernel: Int, stride: Int, padding: Int, paddingEnd: Int? = nil, dilation: Int
  ) -> Int {
    let room = input + padding + (paddingEnd ?? padding) - dilation * (kernel - 1) - 1
    return room < 0 ? 0 : room / stride + 1
  }

  /// The same convolution by the algorithms whose names begin with `name`, for each part that has one.
  package func preferring(_ name: String) -> Convolution {
    var result = self
    result.algorithms = ChosenAlgorithms(for: geometry, preferring: name)
    return result
  }

  public var choices: [AlgorithmChoice] {
    [
      choice(.forward, of: geometry.forwardAlgorithms(), chosen: algorithms.forward),
      choice(.inputGradient, of: geometry.inputGradientAlgorithms(), chosen: algorithms.inputGradient),
      choice(.weightGradient, of: geometry.weightGradientAlgorithms(), chosen: algorithms.weightGradient),
    ]
  }

  private func choice(
    _ part: AlgorithmChoice.Part, of all: [any ConvolutionAlgorithm], chosen: any ConvolutionAlgorithm
  ) -> AlgorithmChoice {
    let estimates = all.sorted { $0.cycles < $1.cycles }.map {
      AlgorithmChoice.Estimate(algorithm: $0.name, milliseconds: $0.cycles / ConvolutionCosts.cyclesPerMillisecond)
    }
    let reason =
      estimates.count < 2
      ? "nothing else applies"
      : chosen.name == estimates[0].algorithm ? "the cheapest by the cost model, one core at 3 GHz" : "asked for"
    return AlgorithmChoice(
      part, algorithm: chosen.name, estimates: estimates.count < 2 ? [] : estimates, reason: reason)
  }

  public func forwardScratch(threads: Int) -> Int { wideWeights + algorithms.forward.scratch(threads: threads) }

  public func backwardScratch(threads: Int) -> Int {
    wideWeights
      + max(
        algorithms.inputGradient.scratch(threads: threads), algorithms.weightGradient.scratch(threads: threads),
        hasBias ? biasSums.scratch : 0)
  }

  public func absorbing(_ epilogue: Epilogue) -> (any Operation)? {
    var result = self
    result.epilogue = epilogue
    if epilogue.addsTensor { result.inputs.append(output) }
    return result
  }

  public func forward(_ context: borrowing ForwardContext) {
    let finishes = epilogue.addsTensor || epilogue.activation != nil
    let finish = Finish(
      epilogue: epilogue, addend: epilogue.addsTensor ? context.inputs[1] : nil, y: context.output)
    algorithms.forward.run(
      x: context.inputs[0], weight: widened(context.parameters[0], into: context.scratch),
      bias: hasBias ? context.parameters[1] : nil, y: context.output, finish: finishes ? finish : nil,
      scratch: context.scratch + wideWeights, pool: context.pool)
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (dy, pool) = (context.outputGradient, context.pool)
    let scratch = context.scratch + wideWeights
    epilogue.takeBack(
      output.shape.count, y: context.output, gradient: UnsafeMutablePointer(mutating: dy), pool: pool)
    if let dx = context.inputGradients[0] {
      algorithms.inputGradient.run(
        dy: dy, weight: widened(context.parameters[0], into: context.scratch), dx: dx,
        accumulate: context.accumulate[0], scratch: scratch, pool: pool)
    }
    // The wide kernel has served; its gradient takes its place.
    let dw = merged == nil ? context.parameterGradients[0] : context.scratch
    algorithms.weightGradient.run(x: context.inputs[0], dy: dy, dw: dw, scratch: scratch, pool: pool)
    merged?.extract(dw, into: context.parameterGradients[0])
    if hasBias { biasSums.run(dy, sums: context.parameterGradients[1], scratch: scratch, pool: pool) }
    if epilogue.addsTensor, let gradient = context.inputGradients[1] {
      pool.copy(output.shape.count, from: dy, to: gradient, adding: context.accumulate[1])
    }
  }

  /// Floats of the kernel of merged groups.
  private var wideWeights: Int { merged.map { ($0.weights + 15) & ~15 } ?? 0 }

  /// The kernel as the algorithms want it.
  private func widened(_ weight: UnsafePointer<Float>, into wide: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
    guard let merged else { return weight }
    merged.expand(weight, into: wide)
    return UnsafePointer(wide)
  }

  private var biasSums: ColumnSums {
    ColumnSums(rows: geometry.batch * geometry.outPixels, columns: geometry.outChannels)
  }
}
