import Spec
import TensorRuntime

/// What pools with sliding windows share.
struct WindowFields: Sendable {
  let kernel: [Int]
  let stride: [Int]
  let padding: [Int]
  let ceilMode: Bool

  static let fields = [
    Field("kernel_size", .sizes(min: 1), doc: "Extent of the window, one number or one an axis."),
    Field(
      "stride", .optional(.sizes(min: 1)), default: .value(.none), doc: "Step between windows; `~` takes kernel_size."
    ),
    Field(
      "padding", .sizes(min: 0), default: .value(.size(0)),
      doc: "Points added at both ends, at most half of kernel_size; a maximum never takes them."),
    Field(
      "ceil_mode", .boolean, default: .value(.boolean(false)),
      doc: "Whether a last window that the input fills only in part counts."),
  ]

  init(_ values: FieldValues, rank: Int) {
    kernel = values.sizes("kernel_size", rank: rank)
    stride = values.isNone("stride") ? kernel : values.sizes("stride", rank: rank)
    padding = values.sizes("padding", rank: rank)
    ceilMode = values.boolean("ceil_mode")
  }

  /// The window that slides along the last axis.
  var timeWindow: TimeWindow {
    let axis = kernel.count - 1
    return TimeWindow(
      reach: kernel[axis], stride: stride[axis], padding: padding[axis], paddingEnd: padding[axis], ceilMode: ceilMode)
  }

  /// The output of the pool `name` over `rank` spatial axes.
  func outputShape(of input: SampleShape, rank: Int, for name: String) throws(ShapeMismatch) -> SampleShape {
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
}
