import TensorRuntime
import Testing

/// Gradients against the operation's own forward pass, along one random direction of all inputs and parameters at once.
@Suite struct CentralDifferenceTests {
  /// Cases without kinks, where the difference quotient would not be the gradient.
  static let smooth = OperationCase.all.filter { !["maxPool", "adaptiveMax", "relu", "elu"].contains($0.op) }

  @Test(arguments: smooth) func gradientIsTheSlope(_ test: OperationCase) throws {
    let key = RandomKey(seed: 11)
    let operands = test.inputs + test.parameters
    let directions = operands.enumerated().map { index, tensor in
      RandomStream(key.child(UInt64(index))).normals(count: tensor.values.count)
    }
    func loss(_ step: Float) throws -> Double {
      let moved = zip(operands, directions).map { tensor, direction in
        zip(tensor.values, direction).map { $0 + step * $1 }
      }
      let outcome = try run(
        test.operation(), inputs: Array(moved[..<test.inputs.count]), parameters: Array(moved[test.inputs.count...]),
        outputGradient: test.outputGradient.values)
      return zip(outcome.output, test.outputGradient.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let outcome = try test.run()
    let gradients = outcome.inputGradients + outcome.parameterGradients
    let products = zip(gradients, directions).flatMap { zip($0, $1).map { Double($0) * Double($1) } }
    let slope = products.reduce(0, +)
    // What the slope would be if the terms had random signs: the scale on which an error shows.
    let scale = products.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // Third differences cancel in the quotient of two steps (Richardson).
    let (near, far) = ((try loss(0.01) - loss(-0.01)) / 0.02, (try loss(0.02) - loss(-0.02)) / 0.04)
    #expect(abs((4 * near - far) / 3 - slope) < 0.01 * scale)
  }
}
