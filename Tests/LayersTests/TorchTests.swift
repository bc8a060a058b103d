import Layers
import TensorRuntime
import Testing

/// Layers as they stand in a spec, forward and backward, against PyTorch in double precision.
@Suite("Layers against PyTorch") struct TorchTests {
  /// Kinds whose operations are compared with PyTorch by a test of their own, and where.
  static let comparedElsewhere: [String: String] = [
    "conv2d": "OperationTests", "layer_norm": "OperationTests", "relu": "OperationTests", "silu": "OperationTests",
    "elu": "OperationTests",
    "max_pool1d": "OperationTests", "max_pool2d": "OperationTests", "global_avg_pool": "OperationTests",
    "dropout": "DropoutTests", "spatial_dropout": "BlockDropoutTests", "drop_path": "BlockDropoutTests",
    "relu6": "ActivationTests", "leaky_relu": "ActivationTests", "prelu": "ActivationTests", "selu": "ActivationTests",
    "gelu": "ActivationTests", "mish": "ActivationTests", "hardswish": "ActivationTests",
    "hardsigmoid": "ActivationTests", "hardtanh": "ActivationTests", "sigmoid": "ActivationTests",
    "tanh": "ActivationTests", "softplus": "ActivationTests", "softsign": "ActivationTests",
    "log_sigmoid": "ActivationTests", "formula": "ActivationTests",
  ]

  @Test func everyLayerOfTheCatalogIsCompared() {
    let kinds = Set(LayerCatalog.layers.map { $0.kind.name })
    let compared = Set(LayerCase.all.map(\.kind)).union(Self.comparedElsewhere.keys)
    #expect(kinds.subtracting(compared).isEmpty, "give these layers a case in Fixtures/make_layers.py")
    #expect(compared.subtracting(kinds).isEmpty, "no layers of the catalog")
  }

  @Test(arguments: LayerCase.all, [Layout.canonical, .channelsLast])
  func agreesWithPyTorch(_ test: LayerCase, layout: Layout) throws {
    let program = try LayerProgram(test.layer, shape: test.input.shape, layout: layout)
    #expect(program.output.spec.shape.extents == test.output.shape)
    #expect(program.parameters.mapValues(\.shape.extents) == test.parameters.mapValues(\.shape))
    let one = try program.run(test, threads: 1)
    #expect(difference(one.output, test.output.values) < tolerance)
    #expect(difference(one.inputGradient, test.inputGradient.values) < tolerance)
    for (name, expected) in test.parameterGradients {
      #expect(difference(one.parameterGradients[name] ?? [], expected.values) < tolerance, "\(name)")
    }
    let three = try program.run(test, threads: 3)
    #expect(three == one, "other bits with three threads")
    let asFeature = try program.run(test, threads: 2, wantsInputGradient: false)
    #expect(asFeature.parameterGradients == one.parameterGradients)
  }

  /// Relative to the largest value of a tensor.
  private let tolerance: Float = 1e-5
}

extension LayerProgram {
  fileprivate func run(_ test: LayerCase, threads: Int, wantsInputGradient: Bool = true) throws -> LayerOutcome {
    try run(
      test.input.values, parameters: test.parameters.mapValues(\.values), outputGradient: test.outputGradient.values,
      threads: threads, wantsInputGradient: wantsInputGradient)
  }
}

/// The largest difference, relative to the largest expected magnitude; infinite where a value is not finite.
func difference(_ found: [Float], _ expected: [Float]) -> Float {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.reduce(1e-3) { max($0, abs($1)) }
  return zip(found, expected).reduce(0) { worst, pair in
    let distance = abs(pair.0 - pair.1)
    return distance.isFinite ? max(worst, distance / scale) : .infinity
  }
}
