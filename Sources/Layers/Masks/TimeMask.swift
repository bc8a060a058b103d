import TensorRuntime

/// Where the clips of a tensor [C, …, T] end along its last axis; behind that is padding up to the longest of the batch.
public struct TimeMask: Hashable, Sendable {
  /// The graph's input whose lengths are meant.
  public let source: Int
  /// From a clip's length there to its length here.
  public let lengths: SequenceLengths

  /// The mask of a graph's input itself.
  public init(source: Int) {
    self.init(source: source, lengths: SequenceLengths())
  }

  private init(source: Int, lengths: SequenceLengths) {
    self.source = source
    self.lengths = lengths
  }

  /// The mask behind a window that slides over the last axis.
  func behind(_ window: TimeWindow) -> TimeMask { TimeMask(source: source, lengths: lengths.behind(window)) }
}

/// A layer that computes for each clip of a padded batch what it would compute for the clip alone.
///
/// What it writes behind the end of a clip is finite and otherwise free: a layer that reads there what its own windows reach
/// asks for zeros first (`Lowering.zeroPadded`).
public protocol MaskedLayer: Layer {
  /// The mask of the output; nil where its last axis is no longer that of time. Throws where this layer's fields cannot be
  /// reconciled with masks.
  func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask?
  /// `lower` of a padded batch; without a mask that of clips of one length.
  func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value
}

extension MaskedLayer {
  public func mask(behind mask: TimeMask, input: SampleShape) throws(ShapeMismatch) -> TimeMask? { mask }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    lower(input, mask: nil, into: &lowering)
  }
}

/// A layer that treats every position by itself, so that it need not know of masks.
public protocol PositionwiseLayer: MaskedLayer {
  /// Whether it makes zeros of zeros.
  var keepsZeros: Bool { get }
}

extension PositionwiseLayer {
  public var keepsZeros: Bool { false }

  public func lower(_ input: Value, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    let output = lower(input, into: &lowering)
    if mask != nil, keepsZeros, lowering.isZeroPadded(input) { lowering.padsWithZeros(output) }
    return output
  }
}

extension LayerCatalog {
  /// Throws where `layer` reads the padding of its input.
  public static func mask(behind mask: TimeMask, _ layer: any Layer, input: SampleShape) throws(ShapeMismatch)
    -> TimeMask?
  {
    if let layer = layer as? any MaskedLayer { return try layer.mask(behind: mask, input: input) }
    let name = type(of: layer).kind.name
    throw ShapeMismatch(
      "\(name) cannot leave out the padding of \(input)",
      detail:
        "With `masks` every layer must know where a clip ends. Put a global pool before \(name), use another layer, or "
        + "or set `masks: false` in `length`.")
  }
}

extension Combinator {
  public func mask(of inputs: [TimeMask?], shapes: [SampleShape]) throws(ShapeMismatch) -> TimeMask? {
    try joinedMask(inputs)
  }

  /// The mask of inputs that end together.
  func joinedMask(_ inputs: [TimeMask?]) throws(ShapeMismatch) -> TimeMask? {
    let masks = inputs.compactMap { $0 }
    guard let first = masks.first else { return nil }
    guard masks.allSatisfy({ $0 == first }) else {
      throw ShapeMismatch(
        "\(Self.kind.name) cannot join tensors whose clips end at different positions",
        detail: "With `masks` all inputs must count time alike: bring them to the same strides, or pool them before.")
    }
    return first
  }
}
