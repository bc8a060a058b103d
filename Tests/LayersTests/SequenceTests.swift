import Layers
import Spec
import TensorRuntime
import Testing

/// What fixtures from PyTorch cannot show of layers over sequences: dropout, shapes of open length, mistakes.
@Suite struct SequenceTests {
  private let open = SampleShape([.known(8), .variable("T", divisor: 2)])

  @Test(arguments: [
    ("lstm: 6", "[6, ceil(T/2)]"), ("gru: {hidden_size: 6, bidirectional: true}", "[12, ceil(T/2)]"),
    ("lstm: {hidden_size: 6, bidirectional: true, output: last}", "[12]"),
    ("multi_head_attention: 4", "[8, ceil(T/2)]"),
    ("positional_encoding", "[8, ceil(T/2)]"), ("transformer_encoder_layer: 2", "[8, ceil(T/2)]"),
    ("attentive_stats_pool", "[16]"), ("softmax: -1", "[8, ceil(T/2)]"),
    ("linear: {out_features: 3, axis: 0}", "[3, ceil(T/2)]"),
  ])
  func openLengthsStayOpen(item: String, expected: String) throws {
    let layer = try #require(try decodedLayers(item).first)
    let shape = try layer.outputShape(of: open)
    #expect(shape.description == expected)
  }

  @Test(arguments: [
    ("lstm: 6", [8], "lstm needs [channels, length], found [8]"),
    ("gru: 6", [1, 8, 8], "gru needs [channels, length], found [1, 8, 8]"),
    ("multi_head_attention: 3", [8, 5], "multi_head_attention with num_heads 3 cannot divide 8 channels"),
    ("transformer_encoder_layer: 3", [8, 5], "transformer_encoder_layer with num_heads 3 cannot divide 8 channels"),
    ("positional_encoding: learned", [8, 5], "positional_encoding with kind learned needs max_length"),
    (
      "positional_encoding: {kind: learned, max_length: 4}", [8, 5],
      "positional_encoding has 4 learned positions, but [8, 5] is longer"
    ),
    (
      "positional_encoding: {max_length: 4}", [8, 5],
      "positional_encoding has max_length 4, but its kind is sinusoidal"
    ),
    ("attentive_stats_pool", [8], "attentive_stats_pool needs [channels, length], found [8]"),
    ("softmax: 2", [8, 5], "softmax with dim 2 needs more axes than [8, 5] has"),
  ])
  func mismatchesSayWhatWasFound(item: String, shape: [Int], expected: String) throws {
    let layer = try #require(try decodedLayers(item).first)
    let found = mismatch(layer, SampleShape(shape))
    #expect(found == expected)
  }

  @Test func learnedPositionsNeedAKnownLength() throws {
    let layer = try #require(try decodedLayers("positional_encoding: {kind: learned, max_length: 500}").first)
    let found = mismatch(layer, open)
    #expect(found == "positional_encoding has 500 learned positions, but [8, ceil(T/2)] can be longer")
  }

  private func mismatch(_ layer: any Layer, _ shape: SampleShape) -> String {
    do { return try layer.outputShape(of: shape).description } catch { return error.summary }
  }

  /// PyTorch's counts of parameters.
  @Test(arguments: [
    ("lstm: {hidden_size: 128, num_layers: 2, bidirectional: true}", 556_032),
    ("gru: {hidden_size: 128, bias: false}", 59_520), ("lstm: 128", 80_384),
  ])
  func parametersAreAsManyAsTorchs(item: String, count: Int) throws {
    let program = try LayerProgram(item, shape: [1, 27, 3], layout: .channelsLast)
    #expect(program.parameters.values.reduce(0) { $0 + $1.shape.count } == count)
  }

  @Test func attentionStartsAsTorchs() throws {
    let program = try LayerProgram("multi_head_attention: 2", shape: [1, 6, 2], layout: .channelsLast)
    #expect(program.parameters["in_proj_weight"]?.initialisation == .uniform(bound: 0.5))
    #expect(program.parameters["in_proj_bias"]?.initialisation == .constant(0))
    #expect(program.parameters["out_proj.weight"]?.initialisation == .uniform(bound: 1 / Float(6).squareRoot()))
    #expect(program.parameters["out_proj.bias"]?.initialisation == .constant(0))
  }

  /// With dropout, and a seed that stays the same: the gradient is the slope of the function that forward computes.
  static let dropping = [
    "lstm: {hidden_size: 5, num_layers: 3, dropout: 0.4}", "multi_head_attention: {num_heads: 2, dropout: 0.3}",
    "positional_encoding: {kind: learned, max_length: 9, dropout: 0.3}",
    "transformer_encoder_layer: {num_heads: 2, dim_feedforward: 12, dropout: 0.3, activation: gelu}",
  ]

  @Test(arguments: dropping) func gradientsGoThroughTheSameMask(item: String) throws {
    let program = try LayerProgram(item, shape: [2, 6, 9], layout: .channelsLast)
    let (stream, count) = (RandomKey(seed: 9), program.input.spec.shape.count)
    let x = RandomStream(stream.child(0)).normals(count: count)
    let direction = RandomStream(stream.child(1)).normals(count: count)
    let gradient = RandomStream(stream.child(2)).normals(count: program.output.spec.shape.count)
    func value(_ step: Float) throws -> Double {
      let moved = zip(x, direction).map { $0 + step * $1 }
      let outcome = try program.run(moved, parameters: [:], outputGradient: gradient)
      return zip(outcome.output, gradient).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let one = try program.run(x, parameters: [:], outputGradient: gradient, threads: 1)
    let three = try program.run(x, parameters: [:], outputGradient: gradient, threads: 3)
    #expect(three == one)
    let products = zip(one.inputGradient, direction).map { Double($0) * Double($1) }
    let scale = products.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let (near, far) = ((try value(0.01) - value(-0.01)) / 0.02, (try value(0.02) - value(-0.02)) / 0.04)
    #expect(abs((4 * near - far) / 3 - products.reduce(0, +)) < 0.01 * scale)
    // Otherwise nothing was dropped, and nothing shown.
    let plain = try program.run(x, parameters: [:], outputGradient: gradient, training: false)
    #expect(plain.output != one.output)
  }

  @Test(arguments: dropping) func evaluationDropsNothing(item: String) throws {
    let without = item.replacing(/dropout: 0\.\d/, with: "dropout: 0")
    let outputs = try [item, without].map { item in
      let program = try LayerProgram(item, shape: [2, 6, 9], layout: .canonical)
      let x = RandomStream(RandomKey(seed: 4)).normals(count: program.input.spec.shape.count)
      let gradient = [Float](repeating: 1, count: program.output.spec.shape.count)
      return try program.run(x, parameters: [:], outputGradient: gradient, training: false).output
    }
    #expect(outputs[0] == outputs[1])
  }

  /// Several dropouts of one layer must not drop the same values: their scopes name their random streams.
  @Test(arguments: dropping) func dropoutsOfALayerHaveStreamsOfTheirOwn(item: String) throws {
    let program = try LayerProgram(item, shape: [2, 6, 9], layout: .channelsLast)
    let streams = program.operations.filter { $0.operation.label == "dropout" }.map(\.stream)
    #expect(Set(streams).count == streams.count)
  }

  /// No length makes an intermediate that is not a number.
  @Test func attentionAndSoftmaxBearLargeValues() throws {
    for item in ["softmax: 1", "softmax", "multi_head_attention: 1", "attentive_stats_pool: 4", "lstm: 4", "gru: 4"] {
      let program = try LayerProgram(item, shape: [1, 4, 21], layout: .channelsLast)
      let x = (0..<84).map { Float($0 * 37 % 84 - 42) * 50 }
      let gradient = [Float](repeating: 1, count: program.output.spec.shape.count)
      let outcome = try program.run(x, parameters: [:], outputGradient: gradient)
      let isFinite = (outcome.output + outcome.inputGradient).allSatisfy { $0.isFinite }
      #expect(isFinite, "\(item)")
    }
  }
}
