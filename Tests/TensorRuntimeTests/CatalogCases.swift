import TensorRuntime

extension OperationCase {
  /// The operations of norms.json and the files that follow it.
  func catalogOperation() throws -> any TensorRuntime.Operation {
    let shape = inputs[0].shape
    let (batch, channels, spatial) = (shape[0], shape[1], Array(shape.dropFirst(2)))
    switch op {
    case "batchNorm":
      return BatchNorm(
        batch: batch, channels: channels, spatial: spatial, epsilon: 1e-5, momentum: 0.1, affine: try flag("affine"),
        tracks: try flag("tracks"))
    case "multiply": return Multiply(spec: TensorSpec(Shape(shape), .channelsLast))
    case "channelGate": return ChannelGate(batch: batch, channels: channels, spatial: spatial)
    case "channelScale": return ChannelScale(batch: batch, channels: channels, spatial: spatial, initial: 1)
    case "expand": return Expand(from: Shape(shape), to: Shape(try list("target")))
    case "concatAlong":
      return Concat(specs: inputs.map { TensorSpec(Shape($0.shape), .channelsLast) }, axis: try list("axis")[0])
    case "averagePool":
      return AveragePool(
        batch: batch, channels: channels, input: spatial, kernel: try list("kernel"), stride: try list("stride"),
        padding: try list("padding"), ceilMode: try flag("ceil"), countIncludePad: try flag("include"))
    case "adaptiveAverage":
      return AveragePool(batch: batch, channels: channels, input: spatial, adaptiveOutput: try list("output"))
    case "adaptiveMax":
      return AdaptiveMaxPool(batch: batch, channels: channels, input: spatial, output: try list("output"))
    case "paddedConvolution":
      return Convolution(
        batch: batch, inChannels: channels, outChannels: try list("channels")[1], input: spatial,
        kernel: try list("kernel"), stride: try list("stride"), padding: try list("padding"),
        paddingEnd: try list("paddingEnd"), dilation: try list("dilation"), groups: try list("groups")[0],
        bias: try flag("bias"))
    default: throw UnknownOperation(name: op)
    }
  }
}
