/// A fully connected layer: `y = x W^T + b`, [rows, in] to [rows, out]; the weight is [out, in].
public struct Linear: EpilogueHost {
  public private(set) var inputs: [TensorSpec]
  public let output: TensorSpec
  public private(set) var parameters: [ParameterSpec]
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { epilogue.gradientReads.union(.inputs) }
  public func gradientReadsInput(_ index: Int) -> Bool { index == 0 }
  public var label: String { "linear" + epilogue.label }
  let rows: Int
  let inFeatures: Int
  let outFeatures: Int
  let hasBias: Bool
  private var epilogue = Epilogue(addsTensor: false, activation: nil)

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

  /// The same map with other names or first values for its parameters.
  ///
  /// - Parameter parameters: weight and, where there is one, bias, of the same shapes and memory order.
  public func with(parameters: [ParameterSpec]) -> Linear {
    precondition(parameters.map(\.shape) == self.parameters.map(\.shape), "parameters of the same shapes")
    var result = self
    result.parameters = parameters
    return result
  }

  public func absorbing(_ epilogue: Epilogue) -> (any Operation)? {
    var result = self
    result.epilogue = epilogue
    if epilogue.addsTensor { result.inputs.append(output) }
    return result
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { hasBias ? biasSums.scratch : 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, weight) = (context.inputs[0], context.output, context.parameters[0])
    let bias = hasBias ? context.parameters[1] : nil
    let addend = epilogue.addsTensor ? context.inputs[1] : nil
    let (inFeatures, outFeatures, blas, epilogue) = (inFeatures, outFeatures, BLAS.shared, epilogue)
    let finishes = epilogue.addsTensor || epilogue.activation != nil
    context.pool.blocks(rows, outFeatures) { rows, columns in
      let target = y + rows.lowerBound * outFeatures + columns.lowerBound
      if let bias {
        fill(rows: rows.count, columns: columns.count, stride: outFeatures, of: target, with: bias + columns.lowerBound)
      }
      blas.sgemm(
        transA: false, transB: true, m: rows.count, n: columns.count, k: inFeatures, alpha: 1,
        a: x + rows.lowerBound * inFeatures, lda: inFeatures, b: weight + columns.lowerBound * inFeatures,
        ldb: inFeatures, beta: bias == nil ? 0 : 1, c: target, ldc: outFeatures)
      guard finishes else { return }
      for row in rows {
        let at = row * outFeatures + columns.lowerBound
        epilogue.finish(columns.count, addend: addend.map { $0 + at }, y + at)
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (x, dy, weight) = (context.inputs[0], context.outputGradient, context.parameters[0])
    epilogue.takeBack(
      output.shape.count, y: context.output, gradient: UnsafeMutablePointer(mutating: dy), pool: context.pool)
    let dw = context.parameterGradients[0]
    let (batch, inFeatures, outFeatures, blas) = (rows, inFeatures, outFeatures, BLAS.shared)
    if let dx = context.inputGradients[0] {
      let beta: Float = context.accumulate[0] ? 1 : 0
      context.pool.blocks(batch, inFeatures) { rows, columns in
        blas.sgemm(
          transA: false, transB: false, m: rows.count, n: columns.count, k: outFeatures, alpha: 1,
          a: dy + rows.lowerBound * outFeatures, lda: outFeatures, b: weight + columns.lowerBound, ldb: inFeatures,
          beta: beta, c: dx + rows.lowerBound * inFeatures + columns.lowerBound, ldc: inFeatures)
      }
    }
    context.pool.blocks(outFeatures, inFeatures) { rows, columns in
      blas.sgemm(
        transA: true, transB: false, m: rows.count, n: columns.count, k: batch, alpha: 1, a: dy + rows.lowerBound,
        lda: outFeatures, b: x + columns.lowerBound, ldb: inFeatures, beta: 0,
        c: dw + rows.lowerBound * inFeatures + columns.lowerBound, ldc: inFeatures)
    }
    if hasBias {
      biasSums.run(dy, sums: context.parameterGradients[1], scratch: context.scratch, pool: context.pool)
    }
    if epilogue.addsTensor, let gradient = context.inputGradients[1] {
      context.pool.copy(output.shape.count, from: dy, to: gradient, adding: context.accumulate[1])
    }
  }

  private var biasSums: ColumnSums { ColumnSums(rows: rows, columns: outFeatures) }
}
