import TensorRuntime
import Testing

@Suite struct WeightInitialisationTests {
  /// The deviation of torch.nn.init's weights for a fan in of 72 and a fan out of 128; a uniform value in ±b has b/sqrt 3.
  @Test(arguments: [
    (WeightInitialisation.pytorch, 0.068041), (.kaimingNormalFanOut, 0.125), (.kaimingNormalFanIn, 0.166667),
    (.kaimingUniformFanIn, 0.166667), (.xavierUniform, 0.1), (.xavierNormal, 0.1), (.zeros, 0),
  ])
  func weightsHaveTorchsDeviation(_ start: WeightInitialisation, _ expected: Double) throws {
    let spec = ParameterSpec("weight", [160, 125], initialisation: start.weight(fanIn: 72, fanOut: 128))
    let memory = AlignedBuffer(count: 20000)
    spec.initialisation.fill(memory.pointer, of: spec, key: RandomKey(seed: 3))
    let mean = memory.values.reduce(0) { $0 + Double($1) } / 20000
    let deviation = (memory.values.reduce(0) { $0 + Double($1 * $1) } / 20000).squareRoot()
    #expect(abs(mean) < 0.005)
    #expect(abs(deviation - expected) < 0.02 * expected + 1e-9)
    #expect((start.bias(fanIn: 72) == .constant(0)) == (start != .pytorch))
  }

  @Test func aConvolutionsFansAreTorchs() {
    // PyTorch's fan in sees one group, its fan out all output channels.
    let convolution = Convolution(
      batch: 1, inChannels: 8, outChannels: 12, input: [5, 5], kernel: [3, 3], stride: [1, 1], padding: [0, 0],
      dilation: [1, 1], groups: 4, bias: true, initialisation: .xavierNormal)
    #expect(convolution.parameters[0].initialisation == .normal(deviation: (2 / Float(18 + 108)).squareRoot()))
    #expect(convolution.parameters[1].initialisation == .constant(0))
  }
}
