import Spec

extension SampleShape {
  /// The channel count of `[channels, …]` with `spatial` further axes, or the mismatch that says what `layer` needs.
  func channels(for layer: String, spatial: Int) throws(ShapeMismatch) -> Int {
    let axes = ["length", "height, width"]
    guard rank == spatial + 1 else {
      throw ShapeMismatch(
        "\(layer) needs [channels, \(axes[min(spatial, 2) - 1])], found \(self)",
        detail: "Expected a tensor of \(spatial + 1) axes (the batch not counted), found \(rank). "
          + (rank < spatial + 1
            ? "A pooling or flattening layer before it has already removed the axes it works on."
            : "Use the layer for \(rank - 1) spatial axes, or remove an axis before it."))
    }
    guard let channels = extents[0].value else {
      throw ShapeMismatch(
        "\(layer) needs a known number of channels, found \(self)",
        detail: "The length of a clip cannot be a number of channels: weights would change with every clip.")
    }
    return channels
  }
}

extension FieldValues {
  /// A `.sizes` field as one number an axis.
  func sizes(_ name: String, rank: Int) -> [Int] {
    let values = integers(name)
    return values.count == 1 ? Array(repeating: values[0], count: rank) : values
  }

  /// Whether an optional field is `~`.
  func isNone(_ name: String) -> Bool {
    if case .none = self[name].content { true } else { false }
  }
}

extension FieldValue.Content {
  /// The default of a `.sizes` field: one number for all axes.
  static func size(_ value: Int) -> FieldValue.Content { .list([FieldValue(standard: .integer(value))]) }
}

extension SampleShape {
  /// The mismatch of a `.sizes` field with more or fewer numbers than there are axes; nil where they agree.
  static func axesMismatch(_ field: String, of layer: String, has count: Int, rank: Int) -> ShapeMismatch? {
    if count == rank { return nil }
    return ShapeMismatch(
      "\(layer)'s \(field) has \(count) numbers for \(rank) \(rank == 1 ? "axis" : "axes")",
      detail: "Give one number for all axes, or \(rank == 1 ? "one" : "one for each of the \(rank)").")
  }
}
