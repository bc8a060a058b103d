import Spec
import TensorRuntime

/// What max_pool1d and max_pool2d share.
struct MaxPoolFields: Sendable {
  let kernel: [Int]
  let stride: [Int]
  let padding: [Int]
  let ceilMode: Bool

  static let table = FieldTable(
    [
      Field("kernel_size", .sizes(min: 1), doc: "Extent of the window, one number or one an axis."),
      Field(
        "stride", .optional(.sizes(min: 1)), default: .value(.none), doc: "Step between windows; `~` takes kernel_size."
      ),
      Field(
        "padding", .sizes(min: 0), default: .value(.size(0)),
        doc: "Points added at both ends, which never win; at most half of kernel_size."),
      Field(
        "ceil_mode", .boolean, default: .value(.boolean(false)),
        doc: "Whether a last window that the input fills only in part counts."),
    ], primary: "kernel_size")

  init(_ values: FieldValues, rank: Int) {
    kernel = values.sizes("kernel_size", rank: rank)
    stride = values.isNone("stride") ? kernel : values.sizes("stride", rank: rank)
    padding = values.sizes("padding", rank: rank)
    ceilMode = values.boolean("ceil_mode")
  }

  func outputShape(of input: SampleShape, rank: Int) throws(ShapeMismatch) -> SampleShape {
    let name = "max_pool\(rank)d"
    let channels = try input.channels(for: name, spatial: rank)
    for (field, sizes) in [("kernel_size", kernel), ("stride", stride), ("padding", padding)] {
      if let mismatch = SampleShape.axesMismatch(field, of: name, has: sizes.count, rank: rank) { throw mismatch }
    }
    var extents: [Extent] = [.known(channels)]
    for axis in 0..<rank {
      let (k, s, p) = (kernel[axis], stride[axis], padding[axis])
      guard 2 * p <= k else {
        throw ShapeMismatch(
          "\(name)'s padding \(p) is more than half of its kernel_size \(k)",
          detail: "A window could then lie in the padding alone. Use a padding of at most \(k / 2).")
      }
      let extent = input.extents[axis + 1]
      guard
        let out = extent.windowed(
          kernel: k, stride: s, padding: p, ceilMode: ceilMode,
          known: { length in
            let out = MaxPool.outputExtent(input: length, kernel: k, stride: s, padding: p, ceilMode: ceilMode)
            return out >= 1 ? out : nil
          })
      else {
        throw ShapeMismatch(
          "\(name)'s window does not fit into \(input)",
          detail:
            "Axis \(axis + 1) has \(extent) points, the window \(k). Pool less before this layer, or set ceil_mode: true."
        )
      }
      extents.append(out)
    }
    return SampleShape(extents)
  }

  func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let value = lowering.convert(input, to: .channelsLast)
    return lowering.apply(
      MaxPool(
        batch: value.batch, channels: value.channels, input: value.spatial, kernel: kernel, stride: stride,
        padding: padding, ceilMode: ceilMode), to: [value])
  }
}

/// max_pool1d: the largest value of each window along one axis.
public struct MaxPool1d: Layer {
  public static let kind = Kind(
    "max_pool1d", summary: "Largest value of each window along one axis.",
    formula: "[C, L] -> [C, floor((L + 2 padding - kernel_size) / stride) + 1], ceil with ceil_mode",
    example: "max_pool1d: {kernel_size: 2, ceil_mode: true}", table: MaxPoolFields.table)

  let fields: MaxPoolFields

  public init(_ values: FieldValues) { fields = MaxPoolFields(values, rank: 1) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, rank: 1)
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value { fields.lower(input, into: &lowering) }
}

/// max_pool2d: the largest value of each window of an image.
public struct MaxPool2d: Layer {
  public static let kind = Kind(
    "max_pool2d", summary: "Largest value of each window of an image.",
    formula: "[C, H, W] -> [C, H', W'], each axis as in max_pool1d",
    example: "max_pool2d: {kernel_size: 2, ceil_mode: true}", table: MaxPoolFields.table)

  let fields: MaxPoolFields

  public init(_ values: FieldValues) { fields = MaxPoolFields(values, rank: 2) }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    try fields.outputShape(of: input, rank: 2)
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value { fields.lower(input, into: &lowering) }
}
