import Foundation
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

  /// Zhang et al. 2018: the loss of a mixed clip is the mixture of the losses of its classes.
  @Test func theLossOfMixedLabelsIsTheMixtureOfTheirLosses() {
    let loss = SoftmaxCrossEntropy(batch: 5, classes: 6)
    let others: [Int32] = [known.labels[0], 1, 5, 0, 3]
    let shares: [Float] = [0.3, 1, 0.75, 0.5, 0]
    func run(_ labels: [Int32], mixed: Bool = false) -> (value: Float, gradient: [Float]) {
      var gradient = [Float](repeating: .nan, count: 30)
      var value = Float.nan
      others.withUnsafeBufferPointer { others in
        shares.withUnsafeBufferPointer { shares in
          guard let labelled = others.baseAddress, let shared = shares.baseAddress else { return }
          loss.forwardBackward(
            logits: known.logits.values, labels: labels,
            mixedWith: mixed ? .init(labels: labelled, shares: shared) : nil, lossOut: &value, gradient: &gradient)
        }
      }
      return (value, gradient)
    }
    let mixed = run(known.labels, mixed: true)
    let (own, other) = (run(known.labels), run(others))
    let gradient = own.gradient.indices.map {
      shares[$0 / 6] * own.gradient[$0] + (1 - shares[$0 / 6]) * other.gradient[$0]
    }
    #expect(difference(mixed.gradient, gradient) < 1e-6)
    // -log softmax of a label, in double precision.
    func logs(_ labels: [Int32]) -> [Double] {
      labels.enumerated().map { row, label in
        let logits = (0..<6).map { Double(known.logits.values[row * 6 + $0]) }
        return Foundation.log(logits.reduce(0) { $0 + Foundation.exp($1) }) - logits[Int(label)]
      }
    }
    let losses = zip(logs(known.labels), logs(others))
    let expected = zip(losses, shares).reduce(0.0) { $0 + Double($1.1) * $1.0.0 + (1 - Double($1.1)) * $1.0.1 } / 5
    #expect(abs(Double(mixed.value) - expected) < 1e-5)
    // Central differences of the loss by the first logits.
    for index in 0..<6 {
      func value(_ step: Float) -> Double {
        var logits = known.logits.values
        logits[index] += step
        var probabilities = [Float](repeating: 0, count: 30)
        return others.withUnsafeBufferPointer { others in
          shares.withUnsafeBufferPointer { shares in
            guard let labelled = others.baseAddress, let shared = shares.baseAddress else { return .nan }
            return Double(
              loss.forward(
                logits: logits, labels: known.labels, mixedWith: .init(labels: labelled, shares: shared),
                probabilities: &probabilities))
          }
        }
      }
      #expect(abs((value(0.05) - value(-0.05)) / 0.1 - Double(mixed.gradient[index])) < 1e-4)
    }
  }

  @Test func softmaxOfHugeLogitsIsFinite() {
    let loss = SoftmaxCrossEntropy(batch: 1, classes: 3)
    var probabilities = [Float](repeating: .nan, count: 3)
    let value = loss.forward(logits: [3e4, -3e4, 0], labels: [1], probabilities: &probabilities)
    #expect(probabilities[0] == 1)
    #expect(value == 6e4)
  }
}
