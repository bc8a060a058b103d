/// A formula applied to each value, with its parameters learnt: one for the whole layer, or one for each channel.
///
/// Input and output have any shape and layout; channels are axis 1.
public struct FormulaActivation: Operation {
  /// How many values a parameter has.
  public enum Sharing: Hashable, Sendable {
    /// One for all: shape [1].
    case layer
    /// One for each channel: shape [C].
    case channel
  }

  public let inputs: [TensorSpec]
  public let output: TensorSpec
  /// In the order of `initial`.
  public let parameters: [ParameterSpec]
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  public let label: String
  let programs: FormulaPrograms
  private let pieces: FormulaPieces

  /// - Parameters:
  ///   - initial: each parameter of `formula` with the value that it starts from.
  ///   - spec: of rank 2 at least where parameters are by channel.
  public init(
    label: String, formula: FormulaExpression, initial: [(name: String, value: Float)], sharing: Sharing,
    spec: TensorSpec
  ) {
    precondition(Set(formula.parameters).isSubset(of: initial.map(\.name)), "every parameter has a first value")
    self.label = label
    inputs = [spec]
    output = spec
    pieces = FormulaPieces(spec: spec, sharing: initial.isEmpty ? .layer : sharing)
    let shape: Shape = [pieces.values]
    parameters = initial.map { ParameterSpec($0.name, shape, initialisation: .constant($0.value)) }
    programs = FormulaPrograms(formula, parameters: initial.map(\.name))
  }

  public func forwardScratch(threads: Int) -> Int { scratch(programs.forward, threads) }

  public func backwardScratch(threads: Int) -> Int {
    (programs.all.map { scratch($0, threads) }.max() ?? 0) + pieces.count * parameters.count * pieces.period
  }

  private func scratch(_ program: FormulaProgram, _ threads: Int) -> Int {
    pieces.sharedCopies * program.sharedCount(period: pieces.period)
      + threads * program.workerCount(period: pieces.period)
  }

  public func forward(_ context: borrowing ForwardContext) {
    let x = UnsafeMutablePointer(mutating: context.inputs[0])
    run(
      programs.forward, FormulaOperands(context.output, x), context.parameters, scratch: context.scratch, partials: nil,
      pool: context.pool)
  }

  public func backward(_ context: borrowing BackwardContext) {
    let dx = context.inputGradients[0]
    guard dx != nil || !parameters.isEmpty else { return }
    let program = programs.backward(wantsInput: dx != nil, accumulate: context.accumulate[0])
    let (x, dy) = (
      UnsafeMutablePointer(mutating: context.inputs[0]), UnsafeMutablePointer(mutating: context.outputGradient)
    )
    let size = parameters.count * pieces.period
    let partials = context.scratch
    run(
      program, FormulaOperands(dx, x, dy), context.parameters, scratch: context.scratch + pieces.count * size,
      partials: parameters.isEmpty ? nil : partials, pool: context.pool)
    for (number, gradient) in context.parameterGradients.enumerated() {
      pieces.reduce(partials + number * pieces.period, size: size, to: gradient)
    }
  }

  private func run(
    _ program: FormulaProgram, _ linear: FormulaOperands, _ parameters: [UnsafePointer<Float>],
    scratch: UnsafeMutablePointer<Float>, partials: UnsafeMutablePointer<Float>?, pool: WorkerPool
  ) {
    let (pieces, period) = (pieces, pieces.period)
    let sharedCount = program.sharedCount(period: period)
    for copy in 0..<pieces.sharedCopies {
      program.share(scratch + copy * sharedCount, period: period) { parameters[$0][copy + $1] }
    }
    let workers = scratch + pieces.sharedCopies * sharedCount
    let size = program.sums * period
    pool.run(tiles: pieces.tiles.tiles) { tile, worker in
      for piece in pieces.tiles[tile] {
        let range = pieces.range(piece)
        program.run(
          Kernels.table, count: range.count, first: range.lowerBound % period,
          linear: linear.moved(by: range.lowerBound),
          shared: scratch + pieces.sharedCopy(piece) * sharedCount,
          worker: workers + worker * program.workerCount(period: period), period: period,
          partials: partials.map { $0 + piece * size })
      }
    }
  }
}
