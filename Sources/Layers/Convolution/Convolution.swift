import Spec
import TensorRuntime

/// What conv1d and conv2d share; they differ in the number of spatial axes alone.
struct ConvolutionFields: Sendable {
  let outChannels: Int
  let kernel: [Int]
  let stride: [Int]
  /// Zeros before each axis; nil for `same`.
  let padding: [Int]?
  let dilation: [Int]
  let groups: Int
  let bias: Bool
  let initialisation: WeightInitialisation

  static let table = FieldTable([
    Field("out_channels", .integer(min: 1), doc: "Channels of the output."),
    Field("kernel_size", .sizes(min: 1), doc: "Extent of the kernel, one number or one an axis."),
    Field("stride", .sizes(min: 1), default: .value(.size(1)), doc: "Step between windows."),
    Field(
      "padding", .either([.sizes(min: 0), .choice(["same"])]), default: .value(.size(0)),
      doc: "Zeros added at both ends of each axis; `same` keeps the extents, with the odd zero at the end."),
    Field("dilation", .sizes(min: 1), default: .value(.size(1)), doc: "Spacing of the kernel's points."),
    Field("groups", .integer(min: 1), default: .value(.integer(1)), doc: "Channel groups that do not mix."),
    Field("bias", .boolean, default: .value(.boolean(true)), doc: "Whether to add a learnable bias."),
    .initialisation,
  ])

  init(_ values: FieldValues, rank: Int) {
    outChannels = values.integer("out_channels")
    kernel = values.sizes("kernel_size", rank: rank)
    stride = values.sizes("stride", rank: rank)
    if case .string = values["padding"].content { padding = nil } else { padding = values.sizes("padding", rank: rank) }
    dilation = values.sizes("dilation", rank: rank)
    groups = values.integer("groups")
    bias = values.boolean("bias")
    initialisation = values.initialisation
  }

  /// Zeros before and behind the input on `axis`.
  private func padding(_ axis: Int) -> (start: Int, end: Int) {
    if let padding { return (padding[axis], padding[axis]) }
    let lost = dilation[axis] * (kernel[axis] - 1)
    return (lost / 2, lost - lost / 2)
  }

  func outputShape(of input: SampleShape, rank: Int) throws(ShapeMismatch) -> SampleShape {
    let name = "conv\(rank)d"
    let channels = try input.channels(for: name, spatial: rank)
    for (field, sizes) in [
      ("kernel_size", kernel), ("stride", stride), ("padding", padding ?? kernel), ("dilation", dilation),
    ] {
      if let mismatch = SampleShape.axesMismatch(field, of: name, has: sizes.count, rank: rank) { throw mismatch }
    }
    if padding == nil, let step = stride.first(where: { $0 != 1 }) {
      throw ShapeMismatch(
        "\(name)'s padding 'same' needs a stride of 1, found \(step)",
        detail: "With a larger stride the output is smaller than the input. Give padding as a number.")
    }
    if channels % groups != 0 {
      throw ShapeMismatch(
        "\(name) with groups \(groups) cannot divide \(channels) input channels",
        detail:
          "Expected a number of input channels that groups divides, found \(channels). Change groups, or the layer before."
      )
    }
    if outChannels % groups != 0 {
      throw ShapeMismatch(
        "\(name) with groups \(groups) cannot divide out_channels \(outChannels)",
        detail: "groups must divide out_channels. Change one of them.")
    }
    var extents: [Extent] = [.known(outChannels)]
    for axis in 0..<rank {
      let extent = input.extents[axis + 1]
      guard let padding else {
        extents.append(extent)
        continue
      }
      let (k, s, p, d) = (kernel[axis], stride[axis], padding[axis], dilation[axis])
      guard
        let out = extent.windowed(
          kernel: k, stride: s, padding: p, dilation: d,
          known: { length in
            let out = Convolution.outputExtent(input: length, kernel: k, stride: s, padding: p, dilation: d)
            return out >= 1 ? out : nil
          })
      else {
        throw ShapeMismatch(
          "\(name)'s kernel does not fit into \(input)",
          detail:
            "The kernel covers \(d * (k - 1) + 1) points of axis \(axis + 1), which has \(extent) and a padding of \(p) at each end. "
            + "Use a smaller kernel_size, a larger padding, or pool less before this layer.")
      }
      extents.append(out)
    }
    return SampleShape(extents)
  }

  func multiplyAdds(input: [Int], output: [Int]) -> Int {
    saturatingProduct(output + [input[0] / groups] + kernel)
  }

  /// The window that slides along the last axis.
  var timeWindow: TimeWindow {
    let axis = kernel.count - 1
    let (start, end) = padding(axis)
    return TimeWindow(
      reach: dilation[axis] * (kernel[axis] - 1) + 1, stride: stride[axis], padding: start, paddingEnd: end)
  }

  func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let value = lowering.zeroPadded(lowering.convert(input, to: .channelsLast), mask)
    return lowering.apply(
      Convolution(
        batch: value.batch, inChannels: value.channels, outChannels: outChannels, input: value.spatial, kernel: kernel,
        stride: stride, padding: kernel.indices.map { padding($0).start },
        paddingEnd: kernel.indices.map { padding($0).end }, dilation: dilation, groups: groups, bias: bias,
        initialisation: initialisation), to: [value])
  }
}

/// conv1d: y[o, t] = b[o] + Σ w[o, i, k] x[i, s t + d k - p] over [channels, length].
public struct Conv1d: MaskedLayer {
  public static let kind = Kind(
    "conv1d", summary: "Cross-correlation along one axis.",
    formula: "[C, L] -> [out_channels, floor((L + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1]",
    example: "conv1d: {out_channels: 128, kernel_size: 3, padding: 1}", table: ConvolutionFields.table)

  let fields: ConvolutionFields

  public init(_ values: FieldValues) { fields = ConvolutionFields(values, rank: 1) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, rank: 1)
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int { fields.multiplyAdds(input: input, output: output) }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    mask.behind(fields.timeWindow)
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    fields.lower(input, mask: mask, into: &lowering)
  }
}

/// conv2d: y[o, u, v] = b[o] + Σ w[o, i, k, l] x[i, s u + d k - p, s v + d l - p] over [channels, height, width].
public struct Conv2d: MaskedLayer {
  public static let kind = Kind(
    "conv2d", summary: "Cross-correlation over an image.",
    formula: "[C, H, W] -> [out_channels, H', W'], each axis as in conv1d",
    example: "conv2d: {out_channels: 64, kernel_size: 3, padding: 1}", table: ConvolutionFields.table)

  let fields: ConvolutionFields

  public init(_ values: FieldValues) { fields = ConvolutionFields(values, rank: 2) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, rank: 2)
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int { fields.multiplyAdds(input: input, output: output) }

  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? {
    mask.behind(fields.timeWindow)
  }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    fields.lower(input, mask: mask, into: &lowering)
  }
}
