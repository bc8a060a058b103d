import TensorRuntime
import Testing

private struct TrainingFixture: Decodable {
  let start: Tensor
  let gradients: [Tensor]
  let end: Tensor
  let logits: Tensor
  let labels: [Int32]
  let loss: Float
  let logitsGradient: Tensor
  let probabilities: Tensor
}

@Suite struct TrainingStepTests {
  private let known = fixture("training.json", as: TrainingFixture.self)

  @Test func twentyStepsOfAdamEndWherePyTorchDoes() {
    let count = known.start.values.count
    let parameters = AlignedBuffer(count: count)
    let (first, second, gradient) = (
      AlignedBuffer(count: count), AlignedBuffer(count: count), AlignedBuffer(count: count)
    )
    parameters.assign(known.start.values)
    let adam = AdamStep(learningRate: 0.003, weightDecay: 0.01)
    let pool = WorkerPool(threads: 2)
    for (index, values) in known.gradients.enumerated() {
      gradient.assign(values.values)
      adam.apply(
        step: index + 1, count: count, parameters: parameters.pointer, gradients: gradient.pointer,
        firstMoment: first.pointer, secondMoment: second.pointer, pool: pool)
    }
    #expect(difference(parameters.values, known.end.values) < 1e-6)
  }

  @Test func crossEntropyAndItsGradient() {
    let loss = SoftmaxCrossEntropy(batch: 5, classes: 6)
    var gradient = [Float](repeating: .nan, count: 30)
    var value = Float.nan
    loss.forwardBackward(logits: known.logits.values, labels: known.labels, lossOut: &value, gradient: &gradient)
    #expect(abs(value - known.loss) < 1e-6)
    #expect(difference(gradient, known.logitsGradient.values) < 1e-6)
    #expect(loss.forward(logits: known.logits.values, labels: known.labels, probabilities: &gradient) == value)
    #expect(difference(gradient, known.probabilities.values) < 1e-6)
  }

  @Test func softmaxOfHugeLogitsIsFinite() {
    let loss = SoftmaxCrossEntropy(batch: 1, classes: 3)
    var probabilities = [Float](repeating: .nan, count: 3)
    let value = loss.forward(logits: [3e4, -3e4, 0], labels: [1], probabilities: &probabilities)
    #expect(probabilities[0] == 1)
    #expect(value == 6e4)
  }
}
