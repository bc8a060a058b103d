import TensorRuntime

/// How `add` and `mul` join inputs of different shapes: an axis of extent 1 is spread over the others' extent, and
/// [C] stands for [C, 1, 1].
enum Broadcasting {
  /// The shape that all inputs are spread to.
  ///
  /// - Parameter name: the combinator, for the message.
  static func outputShape(of inputs: [SampleShape], for name: String) throws(ShapeMismatch) -> SampleShape {
    let rank = inputs.map(\.rank).max() ?? 0
    var extents = Array(repeating: Extent.known(1), count: rank)
    for input in inputs {
      var own = input.extents
      if own.count == 1 { own += Array(repeating: .known(1), count: rank - 1) }
      let joined = zip(extents, own).map { $0 == .known(1) ? $1 : $1 == .known(1) || $0 == $1 ? $0 : nil }
      guard own.count == rank, !joined.contains(nil) else {
        throw ShapeMismatch(
          "\(name) cannot join \(inputs[0]) and \(input == inputs[0] ? inputs[1] : input)",
          detail: "Inputs must have one shape, or extents of 1 where they differ; [channels] is spread over all "
            + "positions. A convolution with kernel_size 1 can bring one to the other's channels.")
      }
      extents = joined.compactMap { $0 }
    }
    return SampleShape(extents)
  }

  /// The inputs brought to one rank and to the layout of that rank, and the shape that they are to be spread to.
  static func align(_ inputs: [Value], into lowering: inout Lowering) -> (values: [Value], target: TensorSpec) {
    let rank = inputs.map(\.spec.shape.rank).max() ?? 2
    let layout = SampleShape.layout(rank: rank - 1)
    let values = inputs.map { input -> Value in
      let shape = input.spec.shape
      let same =
        shape.rank == rank
        ? input
        : lowering.reshape(input, to: Shape(shape.extents + Array(repeating: 1, count: rank - shape.rank)))
      return lowering.convert(same, to: layout)
    }
    let extents = (0..<rank).map { axis in values.map { $0.spec.shape[axis] }.max() ?? 1 }
    return (values, TensorSpec(Shape(extents), layout))
  }

  /// `value` spread to `target`; itself where it has that shape already.
  static func expand(_ value: Value, to target: TensorSpec, into lowering: inout Lowering) -> Value {
    if value.spec == target { return value }
    return lowering.apply(Expand(from: value.spec.shape, to: target.shape), to: [value])
  }
}
