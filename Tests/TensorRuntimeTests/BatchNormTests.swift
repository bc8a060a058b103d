import TensorRuntime
import Testing

private struct BatchNormRun: Decodable {
  struct Step: Decodable {
    let input: Tensor
    let output: Tensor
    let mean: Tensor
    let variance: Tensor
    let batches: Float
  }

  let momentum: Double?
  let weight: Tensor
  let bias: Tensor
  let steps: [Step]
  let evaluationInput: Tensor
  let evaluation: Tensor
}

/// What norms.json does not see: the running statistics.
@Suite struct BatchNormTests {
  private static let runs = fixture("batch_norm_steps.json", as: [BatchNormRun].self)

  private func operation(_ shape: [Int], momentum: Double?, tracks: Bool = true) -> BatchNorm {
    BatchNorm(
      batch: shape[0], channels: shape[1], spatial: Array(shape.dropFirst(2)), epsilon: 1e-3, momentum: momentum,
      affine: true, tracks: tracks)
  }

  @Test(arguments: 0..<3) func runningStatisticsFollowPyTorchs(index: Int) throws {
    let known = Self.runs[index]
    let parameters = [known.weight.values, known.bias.values]
    var states: [[Float]]? = nil
    for step in known.steps {
      let outcome = try run(
        operation(step.input.shape, momentum: known.momentum), inputs: [step.input.values], parameters: parameters,
        states: states, outputGradient: step.input.values)
      #expect(difference(outcome.output, step.output.values) < 1e-5)
      #expect(difference(outcome.states[0], step.mean.values) < 1e-6)
      #expect(difference(outcome.states[1], step.variance.values) < 1e-6)
      #expect(outcome.states[2] == [step.batches])
      states = outcome.states
    }
    let input = known.evaluationInput
    let outcome = try run(
      operation(input.shape, momentum: known.momentum), inputs: [input.values], parameters: parameters, states: states,
      outputGradient: input.values, training: false)
    #expect(difference(outcome.output, known.evaluation.values) < 1e-5)
    #expect(outcome.states == states, "evaluation leaves the statistics alone")
  }

  @Test func manyBlocksGiveTheSameBitsForAnyNumberOfThreads() throws {
    let shape = [3, 40, 50, 50]
    let x = Tensor.normal(shape, RandomKey(seed: 5)).values
    let outcomes = try [1, 2, 7].map { threads in
      try run(
        operation(shape, momentum: 0.1), inputs: [x],
        parameters: [[Float](repeating: 2, count: 40), [Float](repeating: 1, count: 40)], outputGradient: x,
        threads: threads)
    }
    for other in outcomes.dropFirst() {
      #expect(other.output == outcomes[0].output && other.states == outcomes[0].states)
      #expect(other.inputGradients == outcomes[0].inputGradients)
      #expect(other.parameterGradients == outcomes[0].parameterGradients)
    }
  }

  /// One value has no variance: PyTorch raises an error, and so can a plan.
  @Test func oneValueAChannelIsAProblemWhereStatisticsAreTaken() {
    #expect(operation([1, 4], momentum: 0.1).problem(training: true) != nil)
    #expect(operation([1, 4], momentum: 0.1).problem(training: false) == nil)
    #expect(operation([1, 4], momentum: 0.1, tracks: false).problem(training: false) != nil)
    #expect(operation([1, 4, 2], momentum: 0.1).problem(training: true) == nil)
    #expect(operation([2, 4], momentum: 0.1).problem(training: true) == nil)
  }
}
