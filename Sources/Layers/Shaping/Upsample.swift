import Spec
import TensorRuntime

/// upsample: repeats or interpolates values along the spatial axes by whole factors.
public struct UpsampleLayer: Layer {
  public static let kind = Kind(
    "upsample", summary: "Stretches the spatial axes by whole factors.",
    formula: "[C, L] -> [C, scale_factor L], [C, H, W] -> [C, scale_factor H, scale_factor W];\nlinear and bilinear "
      + "take point i from (i + 0.5) / scale_factor - 0.5 (align_corners false)", example: "upsample: 2",
    table: FieldTable(
      [
        Field("scale_factor", .sizes(min: 1), doc: "Factor of each axis, one number or one an axis."),
        Field(
          "mode", .choice(["nearest", "linear", "bilinear"]), default: .value(.string("nearest")),
          doc: "nearest repeats values; linear (for one axis) and bilinear (for two) interpolate."),
      ], primary: "scale_factor"))

  let factors: [Int]
  let mode: String

  public init(_ values: FieldValues) {
    factors = values.integers("scale_factor")
    mode = values.string("mode")
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    let rank = input.rank - 1
    guard (1...2).contains(rank) else {
      throw ShapeMismatch(
        "upsample needs [channels, length] or [channels, height, width], found \(input)",
        detail: "There must be one or two axes to stretch. Use reshape to make them.")
    }
    let channels = try input.channels(for: "upsample", spatial: rank)
    if factors.count > 1,
      let mismatch = SampleShape.axesMismatch(
        "scale_factor", of: "upsample", has: factors.count, rank: rank)
    {
      throw mismatch
    }
    guard mode == "nearest" || (mode == "linear") == (rank == 1) else {
      throw ShapeMismatch(
        "upsample's mode '\(mode)' does not fit \(input)",
        detail: "linear is for one spatial axis, bilinear for two, nearest for both.")
    }
    let stretched = zip(input.extents.dropFirst(), scales(rank)).map { extent, factor in
      factor == 1 ? extent : extent.value.map { .known($0 * factor) } ?? .expression("\(factor) * \(extent)")
    }
    return SampleShape([.known(channels)] + stretched)
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .channelsLast)
    return lowering.apply(
      Upsample(
        batch: value.batch, channels: value.channels, input: value.spatial, factors: scales(value.spatial.count),
        linear: mode != "nearest"), to: [value])
  }

  private func scales(_ rank: Int) -> [Int] { factors.count == 1 ? Array(repeating: factors[0], count: rank) : factors }
}
