import Spec
import TensorRuntime

/// What lstm and gru share; they differ in the cell alone.
struct RecurrentFields: Sendable {
  let hidden: Int
  let layers: Int
  let bidirectional: Bool
  let dropout: Double
  let bias: Bool
  /// Only the state behind the last step.
  let last: Bool

  static let table = FieldTable(
    [
      Field("hidden_size", .integer(min: 1), doc: "Length of the hidden state of one direction."),
      Field(
        "num_layers", .integer(min: 1, max: 64), default: .value(.integer(1)),
        doc: "Layers, each reading the one before."),
      Field(
        "bidirectional", .boolean, default: .value(.boolean(false)),
        doc: "Whether a second state runs from the end to the start; its channels stand behind the first one's."),
      Field(
        "dropout", .number(min: 0, max: 1), default: .value(.number(0)),
        doc: "Probability of a zero between layers while training; none behind the last."),
      Field("bias", .boolean, default: .value(.boolean(true)), doc: "Whether to add learnable biases."),
      Field(
        "output", .choice(["sequence", "last"]), default: .value(.string("sequence")),
        doc: "The hidden states at all positions, or only the final ones of both directions."),
    ], primary: "hidden_size")

  /// The shapes of both kinds.
  static let shapes = "[C, T] -> [D H, T], or [D H] with output: last; H = hidden_size, D = 2 if bidirectional, else 1"

  init(_ values: FieldValues) {
    hidden = values.integer("hidden_size")
    layers = values.integer("num_layers")
    bidirectional = values.boolean("bidirectional")
    dropout = values.number("dropout")
    bias = values.boolean("bias")
    last = values.string("output") == "last"
  }

  private var width: Int { bidirectional ? 2 * hidden : hidden }

  func outputShape(of input: SampleShape, layer: String) throws(ShapeMismatch) -> SampleShape {
    _ = try input.channels(for: layer, spatial: 1)
    return SampleShape([.known(width)] + (last ? [] : [input.extents[1]]))
  }

  func multiplyAdds(input: [Int], gates: Int) -> Int {
    let directions = bidirectional ? 2 : 1
    return (0..<layers).reduce(0) { sum, layer in
      let inputs = layer == 0 ? input[0] : width
      // Far beyond what can be trained, and small enough to be added up.
      return sum + min(saturatingProduct([input[1], directions, gates, hidden, inputs + hidden]), 1 << 52)
    }
  }

  func mask(behind mask: TimeMask) -> TimeMask? { last ? nil : mask }

  func lower(_ input: Value, _ cell: RecurrentCell, mask: TimeMask?, into lowering: inout Lowering) -> Value {
    var value = lowering.convert(input, to: .channelsLast)
    let length = value.spatial[0]
    let ends = mask.map { [lowering.lengths(of: $0)] } ?? []
    for layer in 0..<layers {
      var outputs = (bidirectional ? [false, true] : [false]).map { reverse in
        lowering.apply(
          Recurrent(
            cell, batch: value.batch, features: value.channels, hidden: hidden, length: length, bias: bias,
            reverse: reverse, suffix: "_l\(layer)\(reverse ? "_reverse" : "")", ends: mask?.lengths), to: [value] + ends
        )
      }
      if last, layer == layers - 1 {
        outputs = outputs.enumerated().map { direction, states in
          if direction == 0, let mask {
            return lowering.apply(
              SelectPosition(batch: value.batch, channels: hidden, length: length, ends: mask.lengths),
              to: [states] + ends)
          }
          let end = direction == 0 ? length - 1 : 0
          return lowering.apply(
            SelectPosition(batch: value.batch, channels: hidden, length: length, position: end), to: [states])
        }
      }
      value = outputs.count == 1 ? outputs[0] : lowering.apply(Concat(specs: outputs.map(\.spec)), to: outputs)
      if layer < layers - 1 { value = lowering.drop(value, p: dropout, scope: "dropout_l\(layer)") }
    }
    return value
  }
}
