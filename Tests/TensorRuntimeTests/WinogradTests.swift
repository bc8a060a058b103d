import TensorRuntime
import Testing

/// Winograd's algorithms against the plain ones at sizes of real layers, and where work is cut into several parts.
@Suite struct WinogradTests {
  /// A convolution whose first and last rows of the kernel are zero is one of fewer rows, which Winograd does not
  /// serve.
  @Test(arguments: [(3, 64, 40, 9, 11), (9, 128, 160, 16, 16), (2, 300, 36, 8, 8)])
  func agreesWithASmallerKernel(_ batch: Int, _ inChannels: Int, _ outChannels: Int, _ height: Int, _ width: Int) throws
  {
    func convolution(_ kernel: Int) -> Convolution {
      Convolution(
        batch: batch, inChannels: inChannels, outChannels: outChannels, input: [height, width],
        kernel: [kernel, 3], stride: [1, 1], padding: [kernel / 2, 1], dilation: [1, 1], groups: 1, bias: true)
    }
    let (winograd, plain) = (convolution(3), convolution(1))
    #expect(winograd.label == "conv2d 3x3 winograd F(4x4,3x3)")
    #expect(!plain.label.contains("winograd"))
    let key = RandomKey(seed: 3)
    let x = RandomStream(key.child(1)).normals(count: winograd.inputs[0].shape.count)
    let dy = RandomStream(key.child(2)).normals(count: winograd.output.shape.count)
    let bias = RandomStream(key.child(3)).normals(count: outChannels)
    let rows = RandomStream(key.child(4)).normals(count: outChannels * inChannels * 3)
    let padded = (0..<outChannels * inChannels).flatMap { pair -> [Float] in
      [0, 0, 0] + rows[pair * 3..<pair * 3 + 3] + [0, 0, 0]
    }
    let found = try run(winograd, inputs: [x], parameters: [padded, bias], outputGradient: dy)
    let expected = try run(plain, inputs: [x], parameters: [rows, bias], outputGradient: dy)
    #expect(difference(found.output, expected.output) < 2e-5)
    #expect(difference(found.inputGradients[0], expected.inputGradients[0]) < 2e-5)
    let middle = (0..<outChannels * inChannels).flatMap { found.parameterGradients[0][$0 * 9 + 3..<$0 * 9 + 6] }
    #expect(difference(middle, expected.parameterGradients[0]) < 2e-5)
    #expect(found.parameterGradients[1] == expected.parameterGradients[1])

    let alone = try run(winograd, inputs: [x], parameters: [padded, bias], outputGradient: dy, threads: 1)
    #expect(alone.output == found.output && alone.inputGradients == found.inputGradients)
    #expect(alone.parameterGradients == found.parameterGradients)
  }
}
