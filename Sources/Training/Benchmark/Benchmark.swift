import Diagnostics
import Planning
import Spec
import TensorRuntime

/// How long a model's training and inference steps take, on made-up features of the spec's shapes.
public struct Benchmark: Sendable {
  /// How to measure.
  public struct Settings: Sendable {
    public var threads: Int
    /// Steps of each kind that are measured, behind three to warm up.
    public var steps: Int
    /// A table with the durations of the corpus's clips, for specs whose length policy leaves the length open.
    public var manifest: String?

    public init(threads: Int, steps: Int, manifest: String? = nil) {
      self.threads = threads
      self.steps = steps
      self.manifest = manifest
    }
  }

  public let batchSize: Int
  public let threads: Int
  public let parameters: Int
  /// Forward, backward and the optimizer; a length that was not met before is planned within its step.
  package let training: StepTimes
  package let inference: StepTimes
  /// Median seconds that planning a training step of a new shape takes.
  public let planning: Double
  /// The most memory that the process has had when the steps were done, in MB.
  public let peakMegabytes: Int
  /// Billions of floating-point operations a second that OpenBLAS's product reaches on as many threads.
  public let machineGigaflops: Double
  package let profile: StepProfile
  package let batches: BenchmarkBatches
  private let settings: Settings

  private static let warmUp = 3

  /// Measures.
  ///
  /// - Throws: `DiagnosticFailure` where the spec's model does not fit (`shape.*`), the manifest is at fault (`data.*`), or
  ///   OpenBLAS is missing.
  public init(_ spec: ExperimentSpec, settings: Settings) throws {
    _ = try loadBLAS()
    let graph = try ModelDescription(spec).graph
    let batches = try BenchmarkBatches(spec, graph: graph, manifest: settings.manifest)
    let work = try Work(spec, graph: graph, batches: batches, steps: settings.steps)
    let subject = Subject(spec, graph: graph, threads: settings.threads)

    training = try Benchmark.measure(settings.steps, batches, work: work.training, subject.train)
    inference = try Benchmark.measure(settings.steps, batches, work: work.inference) {
      _ = try subject.executor.logits($0)
    }
    peakMegabytes = peakResidentMegabytes()
    profile = try subject.profile(steps: min(settings.steps, 5)) { batches.batch(Benchmark.warmUp + $0) }
    planning = StepTimes.median(
      try (0..<9).map { index in
        var clock = Stopwatch()
        _ = try ExecutionPlan.make(
          graph, batch: batches.size, shapes: batches.shapes(of: index), mode: .training, threads: settings.threads)
        return clock.lap()
      })
    machineGigaflops = try ProductPeak.gigaflops(pool: subject.executor.pool)
    batchSize = batches.size
    threads = settings.threads
    parameters = graph.parameterCount
    self.batches = batches
    self.settings = settings
  }

  /// The lengths of the measured batches in samples, those to warm up first; nil where the length policy fixes the length.
  package var batchSamples: [Int]? {
    batches.lengths.map { _ in (0..<Benchmark.warmUp + settings.steps).map(batches.samples(of:)) }
  }

  /// Runs `body` on batches that are made before the clock starts.
  private static func measure(
    _ steps: Int, _ batches: BenchmarkBatches, work: [Int], _ body: (Batch) throws -> Void
  ) throws -> StepTimes {
    var seconds: [Double] = []
    var batch = batches.batch(0)
    for step in 0..<warmUp + steps {
      if step > 0, batches.lengths != nil { batch = batches.batch(step) }
      var clock = Stopwatch()
      try body(batch)
      let elapsed = clock.lap()
      if step >= warmUp { seconds.append(elapsed) }
    }
    return StepTimes(seconds: seconds, multiplyAdds: work)
  }

  /// Multiply-adds of each measured step.
  private struct Work {
    var training: [Int] = []
    var inference: [Int] = []

    init(_ spec: ExperimentSpec, graph: LayerGraph, batches: BenchmarkBatches, steps: Int) throws {
      var sized = graph
      for step in 0..<steps {
        if batches.lengths != nil {
          sized = try LayerGraph.build(
            model: spec.model, features: batches.inputs(of: Benchmark.warmUp + step),
            classes: spec.corpus.classes.count)
        }
        training.append(sized.trainingMultiplyAdds * batches.size)
        inference.append(sized.multiplyAdds * batches.size)
      }
    }
  }
}

/// The model under measurement, with what training it takes.
private final class Subject {
  let executor: Executor
  private let optimizer: Optimizer
  private let learningRate: Double
  private let key: RandomKey
  private var count = 0

  init(_ spec: ExperimentSpec, graph: LayerGraph, threads: Int) {
    key = RandomKey(seed: UInt64(spec.seed))
    let parameters = ModelParameters(graph)
    parameters.initialise(key: key.child("weights"))
    executor = Executor(graph: graph, parameters: parameters, pool: WorkerPool(threads: threads))
    let settings = OptimizerSettings(spec.train.optimizer)
    learningRate = settings.learningRate
    optimizer = Optimizer(settings, parameters: parameters)
  }

  /// One training step.
  func train(_ batch: Batch) throws {
    count += 1
    _ = try executor.gradients(of: batch, key: key.child(UInt64(count)))
    optimize()
  }

  /// Divides up the time of further steps.
  func profile(steps: Int, batch: (Int) -> Batch) throws -> StepProfile {
    let profile = OperationProfile()
    executor.profile = profile
    defer { executor.profile = nil }
    var (total, optimizing) = (0.0, 0.0)
    for step in 0..<steps {
      let batch = batch(step)
      var clock = Stopwatch()
      count += 1
      _ = try executor.gradients(of: batch, key: key.child(UInt64(count)))
      total += clock.lap()
      optimize()
      optimizing += clock.lap()
    }
    return StepProfile(profile.entries, steps: steps, total: total + optimizing, optimizer: optimizing)
  }

  private func optimize() {
    optimizer.apply(gradients: executor.gradients, learningRate: learningRate, step: count, pool: executor.pool)
  }
}
