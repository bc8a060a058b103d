import TensorRuntime

extension Value {
  /// The channels of every position as rows of a matrix: channels-last [N, C, …] as [N positions, C]. Moves nothing.
  var rows: Value {
    precondition(spec.layout == .channelsLast || spec.shape.rank == 2, "channels lie together")
    return Value(id: id, spec: TensorSpec([spec.shape.count / max(1, channels), channels]))
  }

  /// Such rows as channels of the positions of `other`; the inverse of `rows`.
  func positions(of other: Value) -> Value {
    var extents = other.spec.shape.extents
    extents[1] = spec.shape[1]
    return Value(id: id, spec: TensorSpec(Shape(extents), other.spec.layout))
  }
}

extension Lowering {
  /// `operation`, which maps rows to rows, at every position of channels-last `value`.
  mutating func applyToRows(_ value: Value, scope: String? = nil, _ operation: (_ rows: TensorSpec) -> any Operation)
    -> Value
  {
    let rows = value.rows
    return apply(operation(rows.spec), to: [rows], scope: scope).positions(of: value)
  }

  /// A dropout that is part of a layer; `scope` tells several of them apart.
  mutating func drop(_ value: Value, p: Double, scope: String) -> Value {
    p == 0 ? value : apply(Dropout(spec: value.spec, p: p), to: [value], scope: scope)
  }
}

extension SampleShape {
  /// The mismatch of `num_heads` that does not divide the channels; nil where it does.
  static func headsMismatch(_ heads: Int, of layer: String, channels: Int) -> ShapeMismatch? {
    if channels % heads == 0 { return nil }
    return ShapeMismatch(
      "\(layer) with num_heads \(heads) cannot divide \(channels) channels",
      detail: "Every head has as many channels. Change num_heads, or bring the channels to a multiple of it before, "
        + "for example with conv1d of kernel_size 1.")
  }
}
