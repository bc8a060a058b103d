import TensorRuntime
import Testing

/// Fused chains against the operations that they are made of.
@Suite struct FusedChainTests {
  static let cases = (0..<120).map(ChainCase.init)
  static let smooth = cases.filter { test in !test.parts.contains { $0 is MaxPool || $0.label.hasSuffix("elu") } }

  private func run(
    _ test: ChainCase, _ chain: FusedChain, threads: Int = 2, training: Bool = true, onto base: Float? = nil
  ) throws -> Outcome {
    let (inputs, parameters, outputGradient) = test.operands()
    return try TensorRuntimeTests.run(
      chain, inputs: inputs, parameters: parameters, outputGradient: outputGradient, threads: threads,
      training: training, accumulateOnto: base)
  }

  @Test(arguments: cases) func givesWhatItsPartsGive(_ test: ChainCase) throws {
    let chain = try #require(FusedChain(test.parts))
    let (found, expected) = (try run(test, chain), try test.runParts())
    if test.parts.contains(where: { $0 is GlobalAveragePool }) || !test.parts.contains(where: { $0 is AveragePool }) {
      #expect(found.output == expected.output)
    } else {
      #expect(difference(found.output, expected.output) < 1e-6)
    }
    #expect(found.states == expected.states)
    for (found, expected) in zip(found.inputGradients, expected.inputGradients) {
      // Of the scale of the output's gradient at the least: a normalisation before a mean takes nearly all of it out.
      #expect(difference(found + [0.1], expected + [0.1]) < 1e-6)
    }
    #expect(found.inputGradients.count == expected.inputGradients.count)
    for (found, expected) in zip(found.parameterGradients, expected.parameterGradients) {
      #expect(difference(found, expected) < 1e-5)
    }
  }

  @Test(arguments: cases) func evaluatesAsItsPartsDo(_ test: ChainCase) throws {
    let chain = try #require(FusedChain(test.parts))
    let expected = try test.runParts(training: false)
    // States start as NaN-free first values, and stay.
    let found = try run(test, chain, training: false)
    #expect(difference(found.output, expected.output) < 1e-6)
    #expect(found.states == expected.states)
  }

  @Test(arguments: cases) func bitsDoNotDependOnThreads(_ test: ChainCase) throws {
    let chain = try #require(FusedChain(test.parts))
    let one = try run(test, chain, threads: 1)
    for threads in [2, 3, 7] {
      let several = try run(test, chain, threads: threads)
      #expect(several.output == one.output)
      #expect(several.inputGradients == one.inputGradients)
      #expect(several.parameterGradients == one.parameterGradients)
    }
  }

  @Test(arguments: cases) func addsToGradients(_ test: ChainCase) throws {
    let chain = try #require(FusedChain(test.parts))
    let (written, added) = (try run(test, chain), try run(test, chain, onto: 0.25))
    for (written, added) in zip(written.inputGradients, added.inputGradients) {
      #expect(difference(added, written.map { $0 + 0.25 }) < 1e-6)
    }
  }

  /// Along one random direction of all inputs and parameters; where windows' maxima, relu and elu have kinks there is no
  /// slope.
  @Test(arguments: smooth.prefix(20))
  func gradientIsTheSlope(_ test: ChainCase) throws {
    let chain = try #require(FusedChain(test.parts))
    let (inputs, parameters, outputGradient) = test.operands()
    let operands = inputs + parameters
    let directions = operands.enumerated().map { index, values in
      RandomStream(RandomKey(seed: 11).child(UInt64(index))).normals(count: values.count)
    }
    func loss(_ step: Float) throws -> Double {
      let moved = zip(operands, directions).map { values, direction in zip(values, direction).map { $0 + step * $1 } }
      let outcome = try TensorRuntimeTests.run(
        chain, inputs: Array(moved[..<inputs.count]), parameters: Array(moved[inputs.count...]),
        outputGradient: outputGradient)
      return zip(outcome.output, outputGradient).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let outcome = try run(test, chain)
    let products = zip(outcome.inputGradients + outcome.parameterGradients, directions).flatMap {
      zip($0, $1).map { Double($0) * Double($1) }
    }
    let slope = products.reduce(0, +)
    let scale = products.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let (near, far) = ((try loss(0.01) - loss(-0.01)) / 0.02, (try loss(0.02) - loss(-0.02)) / 0.04)
    #expect(abs((4 * near - far) / 3 - slope) < 0.02 * scale)
  }

  @Test func stagesHaveAnOrder() {
    let spec = TensorSpec([2, 4, 3, 3], .channelsLast)
    let relu = Activation(kind: .relu, spec: spec)
    let norm = GroupNorm(batch: 2, channels: 4, spatial: [3, 3], groups: 2, epsilon: 1e-5, affine: true)
    #expect(FusedChain([norm, relu]) != nil)
    #expect(FusedChain([relu, norm]) == nil)
    #expect(FusedChain([relu]) == nil)
    #expect(FusedChain([relu, relu]) == nil)
    #expect(FusedChain([norm, Add(spec: spec, count: 3)]) == nil)
  }
}

@Suite struct EpilogueTests {
  private static let epilogues = [
    Epilogue(addsTensor: true, activation: nil), Epilogue(addsTensor: false, activation: .relu),
    Epilogue(addsTensor: true, activation: .elu(alpha: 0.5)),
  ]

  @Test(arguments: epilogues) func linearFinishesItsOutput(_ epilogue: Epilogue) throws {
    let (rows, width) = (150, 131)
    let linear = Linear(rows: rows, inFeatures: 40, outFeatures: width, bias: true)
    let fused = try #require(linear.absorbing(epilogue))
    let key = RandomKey(seed: 5)
    func normal(_ count: Int, _ name: String) -> [Float] { RandomStream(key.child(name)).normals(count: count) }
    let (x, gradient) = (normal(rows * 40, "x"), normal(rows * width, "gradient"))
    let addend = epilogue.addsTensor ? [normal(rows * width, "addend")] : []
    let parameters = linear.parameters.map { normal($0.shape.count, $0.name) }
    let found = try run(fused, inputs: [x] + addend, parameters: parameters, outputGradient: gradient)

    let plain = try run(linear, inputs: [x], parameters: parameters, outputGradient: gradient)
    var (output, dz) = (plain.output, gradient)
    if let addend = addend.first { output = zip(output, addend).map { $0 + $1 } }
    if let activation = epilogue.activation {
      let outcome = try run(
        Activation(kind: activation, spec: linear.output), inputs: [output], outputGradient: gradient)
      (output, dz) = (outcome.output, outcome.inputGradients[0])
    }
    let expected = try run(linear, inputs: [x], parameters: parameters, outputGradient: dz)
    #expect(found.output == output)
    #expect(found.inputGradients == expected.inputGradients + (epilogue.addsTensor ? [dz] : []))
    #expect(found.parameterGradients == expected.parameterGradients)
  }
}
