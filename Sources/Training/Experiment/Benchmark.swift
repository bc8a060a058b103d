import Diagnostics
import Foundation
import Planning
import Spec
import TensorRuntime

/// How long a model's training and inference steps take, on made-up features of the spec's shapes.
public struct Benchmark: Sendable {
  public struct Layer: Sendable {
    public let name: String
    public let operation: String
    /// Seconds a training step.
    public let forward: Double
    public let backward: Double
  }

  public let batchSize: Int
  public let threads: Int
  /// Medians in seconds. A training step is forward, backward and the optimizer.
  public let trainStep: Double
  public let inference: Double
  /// The process's peak so far, in MB.
  public let peakMegabytes: Int
  /// Multiply-adds of a batch forward, as direct convolutions have them.
  public let multiplyAdds: Int
  /// Dearest first.
  public let layers: [Layer]

  /// Measures `steps` steps of each kind after three to warm up.
  ///
  /// - Throws: `DiagnosticFailure` where the spec's model does not fit (`shape.*`), or OpenBLAS is missing.
  public init(_ spec: ExperimentSpec, threads: Int, steps: Int) throws {
    _ = try loadBLAS()
    let graph = try ModelDescription(spec).graph
    let size = spec.train.batchSize
    let classes = spec.corpus.classes.count
    let key = RandomKey(seed: UInt64(spec.seed))
    let shapes = graph.inputs.map(\.nominalShape)
    let batch = Batch(
      shapes: shapes,
      features: shapes.enumerated().map { index, shape in
        RandomStream(key.child(UInt64(index))).uniforms(count: shape.reduce(size, *))
      }, labels: (0..<size).map { Int32($0 % classes) })
    let parameters = ModelParameters(graph)
    parameters.initialise(key: key.child("weights"))
    let executor = Executor(graph: graph, parameters: parameters, pool: WorkerPool(threads: threads))
    let settings = OptimizerSettings(spec.train.optimizer)
    let optimizer = Optimizer(settings, parameters: parameters)

    var count = 0
    trainStep = try Benchmark.median(steps) {
      count += 1
      _ = try executor.gradients(of: batch, key: key.child(UInt64(count)))
      optimizer.apply(
        gradients: executor.gradients, learningRate: settings.learningRate, step: count, pool: executor.pool)
    }
    inference = try Benchmark.median(steps) { _ = try executor.logits(batch) }
    peakMegabytes = peakResidentMegabytes()

    let profile = OperationProfile()
    executor.profile = profile
    for step in 0..<3 { _ = try executor.gradients(of: batch, key: key.child(UInt64(step))) }
    layers = profile.entries.map {
      Layer(name: $0.layer, operation: $0.operation, forward: $0.forward / 3, backward: $0.backward / 3)
    }.sorted { $0.forward + $0.backward > $1.forward + $1.backward }
    batchSize = size
    self.threads = threads
    multiplyAdds = graph.multiplyAdds * size
  }

  private static func median(_ steps: Int, _ body: () throws -> Void) rethrows -> Double {
    var times: [Double] = []
    for step in 0..<steps + 3 {
      var clock = Stopwatch()
      try body()
      let seconds = clock.lap()
      if step >= 3 { times.append(seconds) }
    }
    return times.sorted()[times.count / 2]
  }

  /// An entry of `bench --json`.
  public func json(spec path: String) -> JSON {
    [
      "spec": .string(path), "batch_size": .integer(batchSize), "threads": .integer(threads),
      "train_step_s": .number(trainStep), "inference_s": .number(inference), "peak_rss_mb": .integer(peakMegabytes),
      "inference_gflops": .number(2 * Double(multiplyAdds) / inference / 1e9),
      "layers": .array(
        layers.map {
          [
            "layer": .string($0.name), "operation": .string($0.operation), "forward_s": .number($0.forward),
            "backward_s": .number($0.backward),
          ]
        }),
    ]
  }
}
