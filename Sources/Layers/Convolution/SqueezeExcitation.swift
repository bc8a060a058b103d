import Spec
import TensorRuntime

/// squeeze_excitation: each channel times a gate that follows from the means of all channels. Hu, Shen, Sun 2018,
/// "Squeeze-and-excitation networks"; names as in torchvision.
public struct SqueezeExcitation: MaskedLayer {
  public static let kind = Kind(
    "squeeze_excitation", summary: "Weighs channels by what all channels are on average.",
    formula: "[C, …] -> [C, …]; y[c, …] = x[c, …] s[c], s = sigmoid(fc2(relu(fc1(mean of x)))), "
      + "fc1: C -> squeeze_channels, fc2 back, both with bias", example: "squeeze_excitation: {reduction: 16}",
    table: FieldTable(
      [
        Field(
          "reduction", .integer(min: 1), default: .value(.integer(16)),
          doc: "Where squeeze_channels is ~, it is the number of channels over this, at least 1."),
        Field(
          "squeeze_channels", .optional(.integer(min: 1)), default: .value(.none),
          doc: "Channels between the two maps; `~` takes reduction."),
      ], primary: "reduction"))

  let reduction: Int
  let squeezeChannels: Int?

  public init(_ values: FieldValues) {
    reduction = values.integer("reduction")
    squeezeChannels = values.optionalInteger("squeeze_channels")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    guard (2...3).contains(input.rank) else {
      throw ShapeMismatch(
        "squeeze_excitation needs [channels, length] or [channels, height, width], found \(input)",
        detail: "It averages over the positions of each channel, which must still be there.")
    }
    _ = try input.channels(for: "squeeze_excitation", spatial: input.rank - 1)
    return input
  }

  public func multiplyAdds(input: [Int], output: [Int]) -> Int { 2 * input[0] * squeezed(input[0]) }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .channelsLast)
    let means = means(value, mask, into: &lowering)
    let small = map(means, to: squeezed(value.channels), scope: "fc1", into: &lowering)
    let active = lowering.apply(Activation(kind: .relu, spec: small.spec), to: [small])
    let large = map(active, to: value.channels, scope: "fc2", into: &lowering)
    return lowering.gate(value, by: Sigmoid().lower(large, into: &lowering))
  }

  private func squeezed(_ channels: Int) -> Int { squeezeChannels ?? max(1, channels / reduction) }

  /// The mean of each channel, with an axis of one position for each of `value`.
  private func means(_ value: Value, _ mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let ones = value.spatial.map { _ in 1 }
    guard let mask else {
      return lowering.apply(
        AveragePool(batch: value.batch, channels: value.channels, input: value.spatial, adaptiveOutput: ones),
        to: [value])
    }
    let mean = lowering.reshape(lowering.mean(value, mask), to: Shape([value.batch, value.channels] + ones))
    return lowering.convert(mean, to: .channelsLast)
  }

  /// A convolution with a kernel of one.
  private func map(_ input: Value, to channels: Int, scope: String, into lowering: inout Lowering) -> Value {
    let (ones, zeros) = (input.spatial.map { _ in 1 }, input.spatial.map { _ in 0 })
    return lowering.apply(
      Convolution(
        batch: input.batch, inChannels: input.channels, outChannels: channels, input: input.spatial, kernel: ones,
        stride: ones, padding: zeros, dilation: ones, groups: 1, bias: true), to: [input], scope: scope)
  }
}
