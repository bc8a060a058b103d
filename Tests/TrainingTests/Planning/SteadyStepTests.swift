import CountingHeap
import Diagnostics
import Planning
import TensorRuntime
import Testing
import Training

/// What a training step does beside its arithmetic.
@Suite struct SteadyStepTests {
  /// A model with its optimizer, and batches of made-up clips.
  private final class Model {
    let executor: Executor
    let optimizer: Optimizer
    private let classes: Int
    private var step = 0

    init(_ name: String, sets: [(key: String, value: String)] = []) throws {
      _ = try loadBLAS()
      let spec = try resolvedSpec(name, sets: sets)
      let graph = try ModelDescription(spec).graph
      let parameters = ModelParameters(graph)
      parameters.initialise(key: RandomKey(seed: 1))
      executor = Executor(graph: graph, parameters: parameters, pool: WorkerPool(threads: 1))
      optimizer = Optimizer(OptimizerSettings(spec.train.optimizer), parameters: parameters)
      classes = spec.corpus.classes.count
    }

    /// - Parameter frames: of the first input, in place of the nominal ones.
    func batch(of count: Int, frames: Int? = nil) -> Batch {
      var shapes = executor.graph.inputs.map(\.nominalShape)
      if let frames { shapes[0][shapes[0].count - 1] = frames }
      let features = shapes.enumerated().map { index, shape in
        RandomStream(RandomKey(seed: UInt64(index))).uniforms(count: shape.reduce(count, *))
      }
      return Batch(shapes: shapes, features: features, labels: (0..<count).map { Int32($0 % classes) })
    }

    func train(on batch: Batch) throws {
      step += 1
      _ = try executor.gradients(of: batch, key: RandomKey(seed: UInt64(step)))
      optimizer.apply(gradients: executor.gradients, learningRate: 0.001, step: step, pool: executor.pool)
    }
  }

  /// On one thread, where all of a step runs on this one.
  @Test(arguments: ["cnn1d.yaml", "combined.yaml", "resnet38.yaml", "zoo/transformer.yaml", "zoo/lstm-attention.yaml"])
  func aStepAsksTheHeapForNothing(name: String) throws {
    let model = try Model(name)
    let batch = model.batch(of: 2)
    for _ in 0..<2 { try model.train(on: batch) }
    let before = counting_heap_requests()
    try model.train(on: batch)
    let requests = counting_heap_requests() - before
    print("requests of \(name): \(requests)")
  }

  @Test(arguments: ["combined-varlen.yaml", "resnet101.yaml", "zoo/densenet121.yaml"])
  func planTimes(name: String) throws {
    let model = try Model(name)
    for mode in [ExecutionPlan.Mode.training, .inference] {
      var times: [Double] = []
      for round in 0..<7 {
        var shapes = model.executor.graph.inputs.map(\.nominalShape)
        if name.contains("varlen") { shapes[0][shapes[0].count - 1] -= round }
        let start = ContinuousClock.now
        let plan = try ExecutionPlan.make(model.executor.graph, batch: 64, shapes: shapes, mode: mode, threads: 2)
        times.append((ContinuousClock.now - start) / .milliseconds(1))
        if round == 6 {
          print("plan \(name) \(mode) \(plan.steps.count) operations \(plan.buffers.count) buffers: \(times)")
        }
      }
    }
    let buffers = try ExecutionPlan.make(
      model.executor.graph, batch: 64, shapes: model.executor.graph.inputs.map(\.nominalShape), mode: .training,
      threads: 2
    ).buffers.map { BufferLifetime(floats: $0.floats, first: $0.first, last: $0.last) }
    let start = ContinuousClock.now
    for _ in 0..<10 { _ = ArenaLayout(buffers) }
    print("layout \(name): \((ContinuousClock.now - start) / .milliseconds(10)) ms")
  }
}
