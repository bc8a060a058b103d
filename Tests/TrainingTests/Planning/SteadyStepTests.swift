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

    init(_ name: String) throws {
      _ = try loadBLAS()
      let spec = try resolvedSpec(name)
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

  /// On one thread, where all of a step runs on this one. (With more, each job takes one block for its closure.)
  @Test(arguments: ["cnn1d.yaml", "combined.yaml", "resnet38.yaml", "zoo/transformer.yaml", "zoo/lstm-attention.yaml"])
  func aStepAsksTheHeapForNothing(name: String) throws {
    let model = try Model(name)
    let batch = model.batch(of: 2)
    for _ in 0..<2 { try model.train(on: batch) }
    let before = counting_heap_requests()
    try model.train(on: batch)
    #expect(counting_heap_requests() - before == 0)
    let made = [Int](unsafeUninitializedCapacity: 1000) { _, count in count = 0 }
    #expect(counting_heap_requests() > before, "\(made.count): the heap counts")
  }

  /// A longer batch outgrows the arena that a known plan points into.
  @Test func aPlanIsGoodInALargerArena() throws {
    let model = try Model("combined-varlen.yaml")
    let (short, long) = (model.batch(of: 2, frames: 80), model.batch(of: 3, frames: 160))
    func gradients(_ batch: Batch) throws -> [Float] {
      _ = try model.executor.gradients(of: batch, key: RandomKey(seed: 7))
      return model.executor.gradients.values
    }
    let first = try gradients(short)
    let small = model.executor.arenaFloats
    let logits = try model.executor.logits(short)
    _ = try gradients(long)
    #expect(model.executor.arenaFloats > small)
    #expect(try gradients(short) == first)
    #expect(try model.executor.logits(short) == logits)
  }
}
