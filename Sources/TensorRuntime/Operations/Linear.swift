/// A fully connected layer: `y = x W^T + b`, [rows, in] to [rows, out]; the weight is [out, in].
public struct Linear: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "linear" }
  let rows: Int
  let inFeatures: Int
  let outFeatures: Int
  let hasBias: Bool

  /// `initialisation` says how weight and bias start.
  public init(
    rows: Int, inFeatures: Int, outFeatures: Int, bias: Bool, initialisation: WeightInitialisation = .pytorch
  ) {
    self.rows = rows
    self.inFeatures = inFeatures
    self.outFeatures = outFeatures
    hasBias = bias
    inputs = [TensorSpec([rows, inFeatures])]
    output = TensorSpec([rows, outFeatures])
    let weight = ParameterSpec(
      "weight", [outFeatures, inFeatures], initialisation: initialisation.weight(fanIn: inFeatures, fanOut: outFeatures)
    )
    let start = initialisation.bias(fanIn: inFeatures)
    parameters = [weight] + (bias ? [ParameterSpec("bias", [outFeatures], initialisation: start)] : [])
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { hasBias ? biasSums.scratch : 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, weight) = (context.inputs[0], context.output, context.parameters[0])
    let bias = hasBias ? context.parameters[1] : nil
    let (inFeatures, outFeatures, blas) = (inFeatures, outFeatures, BLAS.shared)
    eachBlock(rows, outFeatures, context.pool) { rows, columns in
      let target = y + rows.lowerBound * outFeatures + columns.lowerBound
      if let bias {
        fill(rows: rows.count, columns: columns.count, stride: outFeatures, of: target, with: bias + columns.lowerBound)
      }
      blas.sgemm(
        transA: false, transB: true, m: rows.count, n: columns.count, k: inFeatures, alpha: 1,
        a: x + rows.lowerBound * inFeatures, lda: inFeatures, b: weight + columns.lowerBound * inFeatures,
        ldb: inFeatures, beta: bias == nil ? 0 : 1, c: target, ldc: outFeatures)
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (x, dy, weight) = (context.inputs[0], context.outputGradient, context.parameters[0])
    let dw = context.parameterGradients[0]
    let (batch, inFeatures, outFeatures, blas) = (rows, inFeatures, outFeatures, BLAS.shared)
    if let dx = context.inputGradients[0] {
      let beta: Float = context.accumulate[0] ? 1 : 0
      eachBlock(batch, inFeatures, context.pool) { rows, columns in
        blas.sgemm(
          transA: false, transB: false, m: rows.count, n: columns.count, k: outFeatures, alpha: 1,
          a: dy + rows.lowerBound * outFeatures, lda: outFeatures, b: weight + columns.lowerBound, ldb: inFeatures,
          beta: beta, c: dx + rows.lowerBound * inFeatures + columns.lowerBound, ldc: inFeatures)
      }
    }
    eachBlock(outFeatures, inFeatures, context.pool) { rows, columns in
      blas.sgemm(
        transA: true, transB: false, m: rows.count, n: columns.count, k: batch, alpha: 1, a: dy + rows.lowerBound,
        lda: outFeatures, b: x + columns.lowerBound, ldb: inFeatures, beta: 0,
        c: dw + rows.lowerBound * inFeatures + columns.lowerBound, ldc: inFeatures)
    }
    if hasBias {
      biasSums.run(dy, sums: context.parameterGradients[1], scratch: context.scratch, pool: context.pool)
    }
  }

  private var biasSums: ColumnSums { ColumnSums(rows: rows, columns: outFeatures) }

  /// Cuts a matrix into blocks of at most 128 x 128, one matrix product each.
  private func eachBlock(
    _ rows: Int, _ columns: Int, _ pool: WorkerPool, _ body: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
  ) {
    let (down, across) = (Tiling(rows, by: 128), Tiling(columns, by: 128))
    pool.run(tiles: down.tiles * across.tiles) { tile, _ in
      body(down[tile / across.tiles], across[tile % across.tiles])
    }
  }
}
