import TensorRuntime
import Testing

/// Every algorithm of a convolution against matrix products of patches, over random shapes: odd sizes, strides,
/// paddings, dilations, groups, batches of one, with and without what an epilogue adds.
@Suite struct ConvolutionAlgorithmTests {
  static let algorithms = ["winograd F(4", "winograd F(2", "direct"]

  /// A convolution whose extents follow from `seed`.
  static func convolution(_ seed: Int) -> Convolution {
    var draws = RandomStream(RandomKey(seed: 11).child(UInt64(seed))).uniforms(count: 64)[...]
    func pick(_ values: [Int]) -> Int { values[Int((draws.popFirst() ?? 0) * Float(values.count) * 0.999)] }
    let axes = pick([1, 2, 2])
    // Most are of the kind that Winograd's algorithms serve.
    let plain = pick([0, 1, 1]) == 1
    let kernel = (0..<axes).map { _ in plain ? 3 : pick([1, 2, 3, 5]) }
    let groups = plain ? 1 : pick([1, 1, 2])
    return Convolution(
      batch: pick([1, 2, 5]), inChannels: groups * pick([1, 2, 7, 16, 33, 48]),
      outChannels: groups * pick([1, 5, 16, 35, 130]), input: (0..<axes).map { _ in pick([5, 6, 8, 11, 17]) },
      kernel: kernel, stride: (0..<axes).map { _ in plain ? 1 : pick([1, 2, 3]) },
      padding: kernel.map { min($0 - 1, pick([0, 1, 2])) },
      dilation: (0..<axes).map { _ in plain ? 1 : pick([1, 1, 2]) },
      groups: groups, bias: pick([0, 1]) == 1)
  }

  @Test(arguments: 0..<60) func agreesWithPatches(_ seed: Int) throws {
    let convolution = Self.convolution(seed)
    guard convolution.output.shape.count > 0 else { return }
    let key = RandomKey(seed: 5).child(UInt64(seed))
    let x = RandomStream(key.child(1)).normals(count: convolution.inputs[0].shape.count)
    let dy = RandomStream(key.child(2)).normals(count: convolution.output.shape.count)
    let addend = RandomStream(key.child(3)).normals(count: convolution.output.shape.count)
    let parameters = convolution.parameters.enumerated().map {
      RandomStream(key.child(UInt64(4 + $0))).normals(count: $1.shape.count)
    }
    let patches = convolution.preferring("im2col")
    let expected = try run(patches, inputs: [x], parameters: parameters, outputGradient: dy)
    let finished = try #require(patches.absorbing(Epilogue(addsTensor: true, activation: .relu)))
    let expectedFinished = try run(finished, inputs: [x, addend], parameters: parameters, outputGradient: dy)
    for name in Self.algorithms {
      let other = convolution.preferring(name)
      let found = try run(other, inputs: [x], parameters: parameters, outputGradient: dy)
      #expect(difference(found.output, expected.output) < 1e-4, "\(other.label)")
      #expect(difference(found.inputGradients[0], expected.inputGradients[0]) < 1e-4, "\(other.label)")
      for (found, expected) in zip(found.parameterGradients, expected.parameterGradients) {
        #expect(difference(found, expected) < 1e-4, "\(other.label)")
      }
      let alone = try run(other, inputs: [x], parameters: parameters, outputGradient: dy, threads: 1)
      #expect(alone.output == found.output && alone.inputGradients == found.inputGradients)
      #expect(alone.parameterGradients == found.parameterGradients)

      let host = try #require(other.absorbing(Epilogue(addsTensor: true, activation: .relu)))
      let foundFinished = try run(host, inputs: [x, addend], parameters: parameters, outputGradient: dy)
      #expect(difference(foundFinished.output, expectedFinished.output) < 1e-4, "\(host.label)")
    }
  }

  /// A convolution that some algorithm serves is one that the cost model can choose it for.
  @Test func choicesSayWhatTheyWereMadeFrom() {
    let convolution = Convolution(
      batch: 4, inChannels: 32, outChannels: 32, input: [16, 16], kernel: [3, 3], stride: [1, 1], padding: [1, 1],
      dilation: [1, 1], groups: 1, bias: true)
    #expect(convolution.choices.map(\.part) == [.forward, .inputGradient, .weightGradient])
    for choice in convolution.choices {
      let names = choice.estimates.map(\.algorithm)
      #expect(Set(names).isSuperset(of: ["im2col", "winograd F(4x4,3x3)", "winograd F(2x2,3x3)"]))
      #expect(choice.algorithm == names[0])
      #expect(choice.estimates.map(\.milliseconds) == choice.estimates.map(\.milliseconds).sorted())
    }
    #expect(
      convolution.preferring("im2col").choices.allSatisfy { $0.algorithm == "im2col" && $0.reason == "asked for" })
  }
}
