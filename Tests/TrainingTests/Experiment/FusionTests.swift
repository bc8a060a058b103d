import Planning
import Spec
import TensorRuntime
import Testing
import Training

/// Fused plans of whole models against plans without fusion.
@Suite(.serialized) struct FusionTests {
  private static let zoo = [
    "cnn1d", "cnn2d", "combined", "resnet38", "zoo/alexnet", "zoo/cnn14", "zoo/crnn", "zoo/densenet121",
    "zoo/lstm-attention", "zoo/mobilenet_v2", "zoo/resnet18", "zoo/squeezenet1_1", "zoo/transformer", "zoo/vgg16",
  ]

  @Test func everyRuleFiresSomewhere() throws {
    var fired = Set<String>()
    for name in Self.zoo {
      let graph = try ModelDescription(resolvedSpec("\(name).yaml")).graph
      for training in [true, false] {
        let program = try graph.program(batch: 2, shapes: graph.inputs.map(\.nominalShape), training: training)
        _ = program.rewritten(by: RewriteRule.table, training: training) { fired.insert($0) }
      }
    }
    #expect(fired == Set(RewriteRule.table.map(\.name)))
  }

  /// A loss of the same bits says that masks, places and running statistics are the same; gradients are sums whose order
  /// differs.
  @Test(arguments: ["cnn1d", "cnn2d", "resnet38", "zoo/crnn", "zoo/transformer", "zoo/squeezenet1_1"])
  func fusionChangesNothing(name: String) throws {
    _ = try loadBLAS()
    let graph = try ModelDescription(resolvedSpec("\(name).yaml")).graph
    let key = RandomKey(seed: 7)
    let shapes = graph.inputs.map(\.nominalShape)
    let batch = Batch(
      shapes: shapes,
      features: shapes.enumerated().map { index, shape in
        RandomStream(key.child(UInt64(index))).uniforms(count: shape.reduce(2, *))
      }, labels: [1, 3])
    var results: [(loss: Float, logits: [Float], gradients: [[Float]], states: [Float])] = []
    for fusion in [Fusion.on, .off] {
      let parameters = ModelParameters(graph)
      parameters.initialise(key: key.child("weights"))
      let executor = Executor(graph: graph, parameters: parameters, pool: WorkerPool(threads: 2), fusion: fusion)
      let loss = try executor.gradients(of: batch, key: key).loss
      let gradients = parameters.slots.indices.map { parameters.exported($0, from: executor.gradients) }
      results.append((loss, try executor.logits(batch), gradients, parameters.states.values))
    }
    #expect(results[0].loss == results[1].loss)
    #expect(results[0].logits == results[1].logits)
    #expect(results[0].states == results[1].states)
    // A bias before a normalisation has a gradient of zero but for rounding.
    let largest = results[1].gradients.joined().reduce(Float(0)) { max($0, abs($1)) }
    for (slot, (found, expected)) in zip(
      ModelParameters(graph).slots, zip(results[0].gradients, results[1].gradients))
    {
      let scale = expected.reduce(Float(0)) { max($0, abs($1)) }
      let worst = zip(found, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(worst < 2e-5 * scale + 1e-6 * largest, "\(slot.name)")
    }
  }

  @Test func fusedPlansTakeLessMemory() throws {
    let graph = try ModelDescription(resolvedSpec("cnn2d.yaml")).graph
    func floats(_ fusion: Fusion) throws -> Int {
      try ExecutionPlan.make(
        graph, batch: 8, shapes: graph.inputs.map(\.nominalShape), mode: .training, threads: 2, fusion: fusion
      ).arenaFloats
    }
    let (fused, plain) = (try floats(.on), try floats(.off))
    #expect(fused < plain)
  }

  /// Made again, activations have the bits that they had.
  @Test(arguments: ["resnet38", "zoo/resnet18", "zoo/densenet121", "zoo/mobilenet_v2"])
  func recomputationSavesMemoryAndChangesNoBit(name: String) throws {
    _ = try loadBLAS()
    let graph = try ModelDescription(resolvedSpec("\(name).yaml")).graph
    let key = RandomKey(seed: 7)
    let shapes = graph.inputs.map(\.nominalShape)
    let size = 4
    let batch = Batch(
      shapes: shapes,
      features: shapes.enumerated().map { index, shape in
        RandomStream(key.child(UInt64(index))).uniforms(count: shape.reduce(size, *))
      }, labels: [1, 3, 0, 2])
    let results = try [Recomputation.on, .off].map { recomputation in
      let parameters = ModelParameters(graph)
      parameters.initialise(key: key.child("weights"))
      let executor = Executor(
        graph: graph, parameters: parameters, pool: WorkerPool(threads: 2), recomputation: recomputation)
      let loss = try executor.gradients(of: batch, key: key).loss
      return (
        loss: loss, gradients: executor.gradients.values, states: parameters.states.values, floats: executor.arenaFloats
      )
    }
    #expect(results[0].loss == results[1].loss)
    #expect(results[0].gradients == results[1].gradients)
    #expect(results[0].states == results[1].states)
    #expect(results[0].floats <= results[1].floats)
  }

  @Test func recomputationHalvesWhatResNetsKeep() throws {
    let graph = try ModelDescription(resolvedSpec("resnet101.yaml")).graph
    func floats(_ recomputation: Recomputation) throws -> Int {
      try ExecutionPlan.make(
        graph, batch: 256, shapes: graph.inputs.map(\.nominalShape), mode: .training, threads: 2,
        recomputation: recomputation
      ).arenaFloats
    }
    let (again, kept) = (try floats(.on), try floats(.off))
    #expect(Double(again) < 0.7 * Double(kept))
  }

  /// Gradients of parameters and activations share memory; what an optimizer reads is gradients and zeros.
  @Test func gapsBetweenGradientsAreZero() throws {
    _ = try loadBLAS()
    let graph = try ModelDescription(resolvedSpec("cnn1d.yaml")).graph
    let parameters = ModelParameters(graph)
    parameters.initialise(key: RandomKey(seed: 1))
    let executor = Executor(graph: graph, parameters: parameters, pool: WorkerPool(threads: 2))
    let shapes = graph.inputs.map(\.nominalShape)
    let batch = Batch(
      shapes: shapes, features: shapes.map { RandomStream(RandomKey(seed: 2)).uniforms(count: $0.reduce(3, *)) },
      labels: [0, 1, 2])
    _ = try executor.gradients(of: batch, key: RandomKey(seed: 3))
    var values = executor.gradients.values
    #expect(values.count == parameters.floats)
    for slot in parameters.slots {
      values.replaceSubrange(slot.offset..<slot.offset + slot.count, with: repeatElement(0, count: slot.count))
    }
    #expect(values.allSatisfy { $0 == 0 })
  }
}
