import Diagnostics
import Foundation
import Planning
import Spec
import TensorRuntime
import Testing
import Training

/// 50 steps of each optimizer, schedule, clipping, accumulation and average against PyTorch, from what a spec says to the last weight; and each
/// loss with its gradient. Fixtures/make_training_options.py made the numbers.
@Suite struct TorchTrainingTests {
  private static let fixture: JSON? = FileManager.default.contents(atPath: Fixture.path("training_options.json"))
    .flatMap { try? JSON.parse($0) }

  private static let count = 64
  private static let stepsPerEpoch = 10

  @Test(arguments: 0..<28)
  func fiftyStepsEndWherePyTorchDoes(index: Int) throws {
    let trainings = try #require(Self.fixture?["trainings"]?.asArray)
    #expect(trainings.count == 28)
    let known = trainings[index]
    let settings = (known["train"]?.asObject ?? []).map { ("train.\($0.key)", $0.value.asString ?? "") }
    let spec = try ToyProblem.spec(epochs: 5, sets: [("train.schedule", "[]")] + settings)
    let graph = try ModelDescription(spec).graph
    let parameters = ModelParameters(graph)
    let gradients = AlignedBuffer(count: parameters.floats)
    let pool = WorkerPool(threads: 2)
    let optimizer = OptimizerSettings(spec.train.optimizer)
    let update = GradientUpdate(
      optimizer, parameters: parameters, clipping: spec.train.clipping, accumulate: spec.train.accumulate)
    let average = spec.train.average.map { WeightAverage($0, parameters: parameters) }
    let schedule = LearningRateSchedule(
      steps: spec.train.schedule, baseRate: optimizer.learningRate, stepsPerEpoch: Self.stepsPerEpoch, epochs: 5)
    // All other parameters of the model stay zero, and so do their gradients.
    #expect(parameters.slots[0].count >= Self.count)
    let weights = parameters.values.pointer + parameters.slots[0].offset
    let slopes = (0..<Self.count).map { Float(0.3 + Double($0 % 7) / 5) }
    for index in 0..<Self.count { weights[index] = Float(sin(Double(index) * 1.7)) }

    let rates = numbers(known["rates"])
    let losses = numbers(Self.fixture?["losses_by_epoch"])
    let scores = numbers(Self.fixture?["scores_by_epoch"])
    var plateau: PlateauState?
    var updates = 0
    for step in 0..<50 {
      let rate = schedule.rate(step, plateau: plateau)
      #expect(abs(rate - rates[step]) <= 1e-9 * optimizer.learningRate, "the rate of step \(step)")
      for batch in 0..<spec.train.accumulate {
        for index in 0..<Self.count {
          let centre = Float(cos(Double(index) * 0.9 + Double(batch)))
          gradients.pointer[parameters.slots[0].offset + index] = slopes[index] * (weights[index] - centre)
        }
        update.add(gradients, batch: batch, of: spec.train.accumulate, pool: pool)
      }
      update.apply(
        gradients, learningRate: rate, momentum: schedule.momentum(step), step: step + 1, pool: pool)
      average?.afterStep(&updates, pool: pool)
      if (step + 1) % Self.stepsPerEpoch == 0 {
        let epoch = step / Self.stepsPerEpoch
        average?.afterEpoch(epoch + 1, &updates, pool: pool)
        // Asked for twice, as after a stop, it is still one.
        average?.afterEpoch(epoch + 1, &updates, pool: pool)
        plateau = schedule.plateau(after: step, plateau) { $0 == "val.loss" ? losses[epoch] : scores[epoch] }
      }
    }
    func found() -> [Double] { (0..<Self.count).map { Double(weights[$0]) } }
    #expect(error(found(), numbers(known["end"])) < 1e-5)
    if let average {
      let averaged = average.inPlace(found)
      #expect(error(averaged, numbers(known["average"])) < 1e-5)
      #expect(error(found(), numbers(known["end"])) < 1e-5)
    }
  }

  @Test(arguments: 0..<9)
  func lossesAndTheirGradientsArePyTorchs(index: Int) throws {
    let fixture = try #require(Self.fixture)
    let known = try #require(fixture["losses"]?.asArray)
    #expect(known.count == 9)
    let spec = try ToyProblem.spec(epochs: 1, sets: [("train.loss", known[index]["loss"]?.asString ?? "")])
    let labels = numbers(fixture["labels"]).map { Int($0) }
    let loss = LossSettings(spec.train.loss).loss(classes: (0..<6).map { "c\($0)" }, labels: labels)
    let logits = numbers(fixture["logits"]).map { Float($0) }
    var gradient = [Float](repeating: .nan, count: logits.count)
    func compare(_ value: Float, with expected: JSON?) {
      let torch = expected?["loss"]?.asNumber ?? .nan
      #expect(abs(Double(value) - torch) <= 1e-5 * torch)
      #expect(error(gradient.map(Double.init), numbers(expected?["gradient"])) < 1e-5)
    }
    let own = labels.map { Int32($0) }
    let plain = loss.forwardBackward(batch: 9, classes: 6, logits: logits, labels: own, gradient: &gradient)
    compare(plain, with: known[index]["plain"])

    let others = numbers(known[index]["mixed"]?["others"]).map { Int32($0) }
    let shares = [Float](repeating: Float(fixture["share"]?.asNumber ?? .nan), count: 9)
    let mixed = others.withUnsafeBufferPointer { others in
      shares.withUnsafeBufferPointer { shares in
        loss.forwardBackward(
          batch: 9, classes: 6, logits: logits, labels: own,
          mixedWith: others.baseAddress.flatMap { labels in
            shares.baseAddress.map { SoftmaxCrossEntropy.OtherLabels(labels: labels, shares: $0) }
          }, gradient: &gradient)
      }
    }
    compare(mixed, with: known[index]["mixed"])
    #expect(loss.forward(batch: 9, classes: 6, logits: logits, labels: own, probabilities: &gradient) == plain)
    #expect(abs(gradient.prefix(6).reduce(0, +) - 1) < 1e-6)
  }

  /// Of a class that is certain or impossible.
  @Test(arguments: ["focal", "{focal: 0.5}", "{focal: 0}", "{cross_entropy: {label_smoothing: 0.1}}"])
  func hugeLogitsGiveNumbers(text: String) throws {
    let loss = LossSettings(try ToyProblem.spec(epochs: 1, sets: [("train.loss", text)]).train.loss)
      .loss(classes: ["a", "b", "c"], labels: [])
    for label in [Int32(0), 1, 2] {
      var gradient = [Float](repeating: .nan, count: 3)
      let value = loss.forwardBackward(
        batch: 1, classes: 3, logits: [3e4, -3e4, 0], labels: [label], gradient: &gradient)
      #expect(value.isFinite && value >= 0)
      let areFinite = gradient.allSatisfy { $0.isFinite }
      #expect(areFinite)
    }
  }

  private func numbers(_ json: JSON?) -> [Double] { (json?.asArray ?? []).map { $0.asNumber ?? .nan } }

  /// The largest difference, beside the largest value.
  private func error(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let scale = expected.map(abs).max() ?? 0
    return zip(found, expected).map { abs($0 - $1) }.max().map { $0 / scale } ?? .infinity
  }
}
