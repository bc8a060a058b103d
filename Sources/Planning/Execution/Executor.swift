import TensorRuntime

/// Runs a graph: remembers one plan for each batch shape it has seen and keeps the memory that the largest of them takes.
///
/// Not for use from several threads at once; its operations use the pool's threads themselves.
public final class Executor {
  public let graph: LayerGraph
  public let parameters: ModelParameters
  /// Gradients in the layout of `parameters`, those of the last `gradients` call; the next call of any kind takes their
  /// memory. Empty before the first.
  public private(set) var gradients = AlignedBuffer(count: 0)
  public let pool: WorkerPool
  /// Whether its plans fuse operations.
  public let fusion: Fusion
  /// Whether its plans make activations again rather than keep them.
  public let recomputation: Recomputation
  /// What `gradients` differentiates and `evaluate` tells.
  public var loss = ClassificationLoss.crossEntropy
  /// Where the time of each operation is added up; nil measures nothing.
  public var profile: OperationProfile?

  private var arena = AlignedBuffer(count: 0)
  /// Weighed by their operations, a kilobyte or two each: 500 lengths of a model of a hundred operations, more than a corpus of
  /// speech has.
  private var plans = RecentlyUsed<PlanKey, BoundPlan>(limit: 50_000)

  /// Shapes of shortest clips that the model has an output for.
  private var goodShapes: Set<[[Int]]> = []

  private struct PlanKey: Hashable {
    let batch: Int
    let shapes: [[Int]]
    let mode: ExecutionPlan.Mode
  }

  public init(
    graph: LayerGraph, parameters: ModelParameters, pool: WorkerPool, fusion: Fusion = .standard,
    recomputation: Recomputation = .standard
  ) {
    self.graph = graph
    self.recomputation = recomputation
    self.fusion = fusion
    self.parameters = parameters
    self.pool = pool
  }

  /// Floats of the arena so far: the peak of activations, scratch and all gradients.
  public var arenaFloats: Int { arena.count }

  /// Computes the loss of a batch and its gradient for every parameter.
  ///
  /// - Parameters:
  ///   - batch: features and labels; each label is below the number of classes.
  ///   - key: names the step's random numbers.
  /// - Returns: the loss, and how many of the batch's largest logits were at their label.
  /// - Throws: `DiagnosticFailure` where the shapes do not fit the graph.
  public func gradients(of batch: Batch, key: RandomKey) throws -> (loss: Float, correct: Int) {
    let bound = try plan(for: batch, mode: .training)
    fill(bound, with: batch)
    bound.forward(pool: pool, training: true, key: key, profile: profile)
    guard let gradient = bound.outputGradient else {
      // A model without parameters has nothing to learn.
      return (evaluate(bound, batch).loss, correct(bound, batch))
    }
    let value = batch.withMixture { others in
      loss.forwardBackward(
        batch: batch.count, classes: classCount(batch), logits: bound.output, labels: batch.labels, mixedWith: others,
        gradient: gradient)
    }
    let correct = correct(bound, batch)  // Before the logits' memory is used for something else.
    bound.backward(pool: pool, key: key, profile: profile)
    return (value, correct)
  }

  /// Computes a batch's loss and class probabilities, row by row, without dropout.
  ///
  /// - Throws: `DiagnosticFailure` where the shapes do not fit the graph.
  public func evaluate(_ batch: Batch) throws -> (loss: Float, probabilities: [Float]) {
    let bound = try plan(for: batch, mode: .inference)
    fill(bound, with: batch)
    bound.forward(pool: pool, training: false, key: RandomKey(seed: 0), profile: profile)
    return evaluate(bound, batch)
  }

  /// The logits of a batch, row by row, without dropout.
  public func logits(_ batch: Batch) throws -> [Float] {
    let bound = try plan(for: batch, mode: .inference)
    fill(bound, with: batch)
    bound.forward(pool: pool, training: false, key: RandomKey(seed: 0), profile: profile)
    return Array(UnsafeBufferPointer(start: bound.output, count: batch.count * classCount(batch)))
  }

  private func evaluate(_ bound: BoundPlan, _ batch: Batch) -> (loss: Float, probabilities: [Float]) {
    let classes = classCount(batch)
    var value: Float = 0
    let probabilities = [Float](unsafeUninitializedCapacity: batch.count * classes) { out, count in
      batch.labels.withUnsafeBufferPointer { labels in
        guard let labels = labels.baseAddress, let out = out.baseAddress else { return }
        value = loss.forward(
          batch: batch.count, classes: classes, logits: bound.output, labels: labels, probabilities: out)
      }
      count = batch.count * classes
    }
    return (value, probabilities)
  }

  private func correct(_ bound: BoundPlan, _ batch: Batch) -> Int {
    let classes = classCount(batch)
    var count = 0
    for (row, label) in batch.labels.enumerated() {
      let logits = UnsafeBufferPointer(start: bound.output + row * classes, count: classes)
      if let best = logits.indices.max(by: { logits[$0] < logits[$1] }), best == Int(label) { count += 1 }
    }
    return count
  }

  private func classCount(_ batch: Batch) -> Int {
    switch graph.output {
    case .node(let index): graph.nodes[index].nominalShape[0]
    case .input(let index): batch.shapes[index][0]
    }
  }

  private func fill(_ bound: BoundPlan, with batch: Batch) {
    for (target, lengths) in zip(bound.inputs.dropFirst(batch.features.count), batch.lengths) {
      for (clip, length) in lengths.enumerated() { target[clip] = Float(length) }
    }
    for (target, feature) in zip(bound.inputs, batch.features) {
      feature.withUnsafeBufferPointer { values in
        if let start = values.baseAddress { target.update(from: start, count: values.count) }
      }
    }
  }

  /// Throws `data.clip_too_short` where the model has no output for the shortest clip of a padded batch.
  private func checkShortest(_ batch: Batch) throws {
    guard !batch.lengths.isEmpty else { return }
    var (shapes, lengths) = (batch.shapes, batch.lengths.makeIterator())
    for (index, input) in graph.inputs.enumerated() where input.isMasked {
      shapes[index][shapes[index].count - 1] = lengths.next()?.min() ?? 0
    }
    guard !goodShapes.contains(shapes) else { return }
    _ = try graph.program(batch: 1, shapes: shapes, training: false)
    goodShapes.insert(shapes)
  }

  /// The plan for a batch's shape: remembered, or made now.
  private func plan(for batch: Batch, mode: ExecutionPlan.Mode) throws -> BoundPlan {
    try checkShortest(batch)
    let key = PlanKey(batch: batch.count, shapes: batch.shapes, mode: mode)
    let known = plans.value(for: key)
    if let known, known.base == arena.pointer { return known }
    // One that was bound to an arena which has been outgrown since is bound again when it is needed.
    let plan =
      try known?.plan
      ?? ExecutionPlan.make(
        graph, batch: batch.count, shapes: batch.shapes, mode: mode, threads: pool.threads, fusion: fusion,
        recomputation: recomputation)
    // All plans share the arena, for only one runs at a time.
    if plan.arenaFloats > arena.count { arena = AlignedBuffer(count: plan.arenaFloats) }
    if mode == .training, gradients.count == 0 || gradients.pointer != arena.pointer {
      gradients = AlignedBuffer(start: parameters.floats, of: arena)
    }
    let bound = BoundPlan(
      plan, arena: arena, parameters: parameters, gradients: mode == .training ? gradients : nil)
    plans.keep(bound, for: key, weight: plan.steps.count)
    return bound
  }
}
