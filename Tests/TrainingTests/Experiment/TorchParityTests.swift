import Diagnostics
import Foundation
import Planning
import TensorRuntime
import Testing
import Training

/// The report's models against PyTorch, from the same weights and batch. Fixtures/make_torch_parity.py made the numbers.
@Suite struct TorchParityTests {
  private static let fixture: JSON? = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/torch_parity.json").path
    return FileManager.default.contents(atPath: path).flatMap { try? JSON.parse($0) }
  }()

  @Test(arguments: ["cnn1d", "cnn2d", "combined"])
  func logitsGradientsAndAdamStepsAreTorchs(name: String) throws {
    let expected = try #require(Self.fixture?[name])
    let spec = try resolvedSpec("\(name).yaml", sets: withoutDropout + [("activation", "silu"), ("lr", "0.001")])
    let graph = try ModelDescription(spec).graph
    let parameters = ModelParameters(graph)
    fill(parameters)
    let executor = Executor(graph: graph, parameters: parameters, pool: WorkerPool(threads: 2))
    let batch = self.batch(of: graph)

    let logits = try executor.logits(batch)
    #expect(error(logits, numbers(expected["logits"])) < 1e-4)

    let key = RandomKey(seed: 0)
    let first = try executor.gradients(of: batch, key: key)
    #expect(abs(Double(first.loss) / (expected["loss"]?.asNumber ?? 0) - 1) < 1e-5)
    for (index, gradient) in (expected["gradients"]?.asArray ?? []).enumerated() {
      let slot = parameters.slots[index]
      let found = parameters.exported(index, from: executor.gradients)
      let scale = gradient["max"]?.asNumber ?? 0
      let places = (0..<24).map { ($0 * 2_654_435_761 + 12345) % slot.count }
      let worst = zip(places, numbers(gradient["values"])).map { abs(Double(found[$0]) - $1) }.max() ?? .infinity
      #expect(worst < 1e-4 * scale, "\(slot.name)")
      let norm = found.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(abs(norm / (gradient["l2"]?.asNumber ?? 0) - 1) < 1e-4, "\(slot.name)")
    }

    let optimizer = Optimizer(OptimizerSettings(spec.train.optimizer), parameters: parameters)
    let losses = try (1...20).map { step in
      let result = try executor.gradients(of: batch, key: key)
      optimizer.apply(gradients: executor.gradients, learningRate: 0.001, step: step, pool: executor.pool)
      return result.loss
    }
    let differences = zip(losses, numbers(expected["losses"])).map { abs(Double($0) - $1) }
    #expect((differences.max() ?? .infinity) < 1e-4)
  }

  /// The formula of the fixture's script.
  private func uniform(_ count: Int, seed: UInt32) -> [Float] {
    (0..<count).map { index in
      var x = UInt32(truncatingIfNeeded: index + 1) &* 0x9E37_79B1 &+ seed
      x = (x ^ (x >> 16)) &* 0x85EB_CA6B
      x = (x ^ (x >> 13)) &* 0xC2B2_AE35
      x ^= x >> 16
      return Float(Double(x >> 8) / Double(1 << 23) - 1)
    }
  }

  /// [27, 301] for each clip: noise, and another third of the rows raised, as in the script.
  private func frames() -> [Float] {
    pattern(27 * 301, seed: 1) { noise, index, clip in noise * 0.5 + (index / 301 / 9 == clip ? 1 : 0) }
  }

  /// [1, 64, 64] for each clip: stripes with some noise on top, as in the script.
  private func images() -> [Float] {
    pattern(64 * 64, seed: 2) { noise, index, clip in noise * 0.25 + Float(index / (1 + 6 * clip) % 2) }
  }

  private func pattern(_ count: Int, seed: UInt32, _ value: (_ noise: Float, _ index: Int, _ clip: Int) -> Float)
    -> [Float]
  {
    uniform(3 * count, seed: seed).enumerated().map { position, noise in
      value((noise + 1) / 2, position % count, position / count)
    }
  }

  private func fill(_ parameters: ModelParameters) {
    for (index, slot) in parameters.slots.enumerated() {
      let shape = slot.spec.shape
      let isNormWeight = shape.rank == 1 && slot.name.hasSuffix("norm.weight")
      let scale = shape.rank > 1 ? Float(1 / Double(shape.count / shape[0]).squareRoot()) : 0.1
      let values = uniform(slot.count, seed: UInt32(index * 7919)).map { $0 * scale + (isNormWeight ? 1 : 0) }
      parameters.load(values, into: index, of: parameters.values)
    }
  }

  private func batch(of graph: LayerGraph) -> Batch {
    let shapes = graph.inputs.map(\.nominalShape)
    return Batch(
      shapes: shapes, features: shapes.map { $0.count == 2 ? frames() : images() },
      labels: [0, 4, 2])
  }

  private func numbers(_ json: JSON?) -> [Double] { (json?.asArray ?? []).compactMap(\.asNumber) }

  /// The largest difference, relative to the largest value.
  private func error(_ found: [Float], _ expected: [Double]) -> Double {
    guard found.count == expected.count, let scale = expected.map(abs).max() else { return .infinity }
    return (zip(found, expected).map { abs(Double($0) - $1) }.max() ?? .infinity) / scale
  }
}
