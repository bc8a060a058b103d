/// A chain of operations in one pass over memory: `y = dropout(pool(activation(norm(x) + addend)))`, each stage optional.
///
/// Strips of rows go through all stages while they are in the nearest caches: only x and the addend are read, and only y
/// is written. `backward` makes the values between the stages again from x rather than reading them; what it keeps are
/// the normalisation's statistics and a max pool's places. Values are those of the operations one by one, bit for
/// bit; parameters, states and random numbers are theirs too.
public struct FusedChain: Recomputable {
  /// The stages in the order in which a chain has them.
  public enum Stage: Int, Comparable, Sendable {
    case normalise, add, activate, pool, drop

    public static func < (a: Stage, b: Stage) -> Bool { a.rawValue < b.rawValue }

    /// The stage that `operation` can be; nil where it can be none.
    public init?(_ operation: any Operation) {
      if ChainNorm(operation) != nil {
        self = .normalise
      } else if let add = operation as? Add, add.inputs.count == 2 {
        self = .add
      } else if ElementwiseStage(operation) != nil {
        self = .activate
      } else if operation is MaxPool || operation is AveragePool || operation is GlobalAveragePool {
        self = .pool
      } else if operation is Dropout {
        self = .drop
      } else {
        return nil
      }
    }
  }

  public let label: String
  /// x, and the addend where there is one.
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  public let states: [ParameterSpec]
  /// The normalisation's statistics and a max pool's places.
  public let saved: [Int]

  let norm: ChainNorm?
  let adds: Bool
  let activation: ElementwiseStage?
  let pool: ChainPool?
  let dropout: Dropout?
  let extent: ChainExtent
  /// Whether a sample's statistics, sums and gradient are one tile's work, so that it is read from memory once.
  let bySample: Bool

  /// Chains `parts`, each of which takes the output of the one before it as one of its inputs.
  ///
  /// - Parameter parts: each stage at most once and in order, two at least; otherwise the result is nil.
  public init?(_ parts: [any Operation]) {
    let stages = parts.compactMap(Stage.init)
    guard let first = parts.first, let last = parts.last, stages.count == parts.count, parts.count > 1,
      zip(stages, stages.dropFirst()).allSatisfy(<)
    else { return nil }
    func part(_ stage: Stage) -> (any Operation)? { zip(stages, parts).first { $0.0 == stage }?.1 }
    norm = part(.normalise).flatMap(ChainNorm.init)
    adds = part(.add) != nil
    activation = part(.activate).flatMap(ElementwiseStage.init)
    pool = part(.pool).flatMap(ChainPool.init)
    dropout = part(.drop) as? Dropout
    let x = first.inputs[0]
    inputs = adds ? [x, x] : [x]
    output = last.output
    parameters = norm?.operation.parameters ?? []
    states = norm?.operation.states ?? []
    let places = pool?.places(samples: x.shape[0]) ?? 0
    saved = (norm?.operation.saved ?? []) + (places > 0 ? [places] : [])
    label = parts.map(\.label).joined(separator: " + ")

    let samples = x.shape[0]
    let channels = x.shape.rank > 1 ? x.shape[1] : 1
    switch (norm, pool) {
    case (_, .some(let pool)):
      extent = ChainExtent(samples: samples, rows: pool.rows, width: pool.width, channels: channels, pool: pool)
    case (.group(let norm), nil):
      extent = ChainExtent(samples: samples, rows: norm.positions, width: 1, channels: channels, pool: nil)
    case (.batch(let norm), nil):
      // Nothing tells samples apart.
      extent = ChainExtent(samples: 1, rows: norm.rows, width: 1, channels: channels, pool: nil)
    case (nil, nil):
      extent = ChainExtent(samples: 1, rows: x.shape.count, width: 1, channels: 1, pool: nil)
    }
    // Few samples are too few tiles; then strips are.
    if case .group = norm { bySample = samples >= 8 || extent.backward.count == 1 } else { bySample = false }
  }

  /// Whether `backward` takes the activation's output from `y` instead of making it again: where it would have to read
  /// the addend.
  var readsOutput: Bool {
    guard let activation else { return false }
    return adds && activation.followsFromOutput && pool == nil && dropout == nil
  }

  public var gradientReads: GradientReads {
    var reads: GradientReads = readsOutput ? .output : []
    if gradientReadsInput(0) { reads.insert(.inputs) }
    return reads
  }

  public func gradientReadsInput(_ index: Int) -> Bool {
    let remakes = activation != nil && !readsOutput
    return remakes || (index == 0 && norm != nil)
  }

  /// Where the max pool's places lie among `saved`.
  var placesIndex: Int? { (pool?.places(samples: 1) ?? 0) > 0 ? saved.count - 1 : nil }
}
