import Glibc

/// How a recurrent layer turns an input and the state before into the next state.
public enum RecurrentCell: Hashable, Sendable {
  /// Hochreiter, Schmidhuber 1997, with forget gate (Gers, Schmidhuber, Cummins 2000); gates in PyTorch's order i, f, g, o:
  /// `c' = f c + i g`, `h' = o tanh(c')`.
  case lstm
  /// Cho et al. 2014 as PyTorch and cuDNN have it; gates r, z, n:
  /// `n = tanh(W_in x + b_in + r (W_hn h + b_hn))`, `h' = (1 - z) n + z h`.
  case gru

  var gates: Int { self == .lstm ? 4 : 3 }
}

/// One direction of one layer of an LSTM or a GRU over whole sequences, [N, C, T] to [N, H, T], both channels last. The
/// state starts at zero.
///
/// With `ends`, a second input [N] of lengths, the state stays zero behind the end of a sequence, so that the reverse
/// direction starts at its last position.
///
/// The products with the input of all steps are one matrix product. Sequences do not depend on each other, so a tile of
/// the batch then goes through all steps by itself, with one product with the state a step.
public struct Recurrent: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  /// `weight_ih`, `weight_hh`, and with a bias `bias_ih`, `bias_hh`, each with the suffix.
  public let parameters: [ParameterSpec]
  /// Gates of every step, then the cells of an LSTM, or of a GRU what `r` is multiplied with. `backward` leaves gradients
  /// there instead.
  public let saved: [Int]
  public var gradientReads: GradientReads { [.inputs, .output] }
  public var label: String { "\(cell == .lstm ? "lstm" : "gru")\(shape.reverse ? " reverse" : "")" }
  let cell: RecurrentCell
  let shape: RecurrentShape
  let bias: Bool
  let ends: SequenceLengths?

  /// Parameters start uniform in ±1/sqrt(hidden), PyTorch's default.
  ///
  /// - Parameters:
  ///   - reverse: from the last position to the first; outputs stay at their positions.
  ///   - suffix: ends the parameters' names: `_l0`, `_l1_reverse`.
  public init(
    _ cell: RecurrentCell, batch: Int, features: Int, hidden: Int, length: Int, bias: Bool, reverse: Bool,
    suffix: String, ends: SequenceLengths? = nil
  ) {
    self.cell = cell
    self.bias = bias
    let shape = RecurrentShape(
      batch: batch, length: length, features: features, hidden: hidden, width: cell.gates * hidden, reverse: reverse)
    self.shape = shape
    self.ends = ends
    inputs = [TensorSpec([batch, features, length], .channelsLast)] + (ends == nil ? [] : [TensorSpec([batch])])
    output = TensorSpec([batch, hidden, length], .channelsLast)
    let start = Initialisation.uniform(bound: 1 / Float(max(1, hidden)).squareRoot())
    parameters =
      [
        ParameterSpec("weight_ih" + suffix, [shape.width, features], initialisation: start),
        ParameterSpec("weight_hh" + suffix, [shape.width, hidden], initialisation: start),
      ]
      + (bias ? ["bias_ih", "bias_hh"] : []).map {
        ParameterSpec($0 + suffix, [shape.width], initialisation: start)
      }
    saved = [shape.rows * shape.width, shape.rows * hidden]
  }

  /// The bias of the input's product.
  public func forwardScratch(threads: Int) -> Int { shape.width }
  /// What is carried from step to step, then sums of biases.
  public func backwardScratch(threads: Int) -> Int { 2 * shape.batch * shape.hidden + sums.scratch + partSums.scratch }

  private var sums: ColumnSums { ColumnSums(rows: shape.rows, columns: shape.width) }
  private var partSums: ColumnSums { ColumnSums(rows: shape.rows, columns: shape.hidden) }

  public func forward(_ context: borrowing ForwardContext) {
    let (gates, memory, scratch) = (context.saved[0], context.saved[1], context.scratch)
    let (s, blas, x) = (shape, BLAS.shared, context.inputs[0])
    let (inputWeight, hiddenWeight) = (context.parameters[0], context.parameters[1])
    if bias {
      memcpy(scratch, context.parameters[2], s.width * MemoryLayout<Float>.stride)
      // All that does not stand behind a GRU's reset gate.
      Kernels.table.add(cell == .lstm ? s.width : 2 * s.hidden, context.parameters[3], scratch)
    }
    let bias = bias
    context.pool.blocks(s.rows, s.width) { rows, columns in
      let target = gates + rows.lowerBound * s.width + columns.lowerBound
      if bias {
        fill(
          rows: rows.count, columns: columns.count, stride: s.width, of: target, with: scratch + columns.lowerBound)
      }
      blas.sgemm(
        transA: false, transB: true, m: rows.count, n: columns.count, k: s.features, alpha: 1,
        a: x + rows.lowerBound * s.features, lda: s.features, b: inputWeight + columns.lowerBound * s.features,
        ldb: s.features, beta: bias ? 1 : 0, c: target, ldc: s.width)
    }
    let steps = RecurrentSteps(
      shape: s, gates: gates, memory: memory, hidden: UnsafePointer(context.output), weight: hiddenWeight,
      ends: ends, given: context.inputs.last)
    let (cell, y, hiddenBias) = (cell, context.output, bias ? context.parameters[3] : nil)
    context.pool.run(tiles: s.tiling.tiles) { tile, _ in
      switch cell {
      case .lstm: steps.lstm(s.tiling[tile], y: y)
      case .gru: steps.gru(s.tiling[tile], y: y, candidateBias: hiddenBias.map { $0 + 2 * s.hidden })
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (gates, memory, s) = (context.saved[0], context.saved[1], shape)
    let (carried, sumScratch) = (context.scratch, context.scratch + 2 * s.batch * s.hidden)
    let steps = RecurrentSteps(
      shape: s, gates: gates, memory: memory, hidden: context.output, weight: context.parameters[1],
      ends: ends, given: context.inputs.last)
    let (cell, dy) = (cell, context.outputGradient)
    context.pool.run(tiles: s.tiling.tiles) { tile, _ in
      switch cell {
      case .lstm: steps.lstmGradient(s.tiling[tile], dy: dy, carried: carried)
      case .gru: steps.gruGradient(s.tiling[tile], dy: dy, carried: carried)
      }
    }
    // From here on `gates` holds gradients.
    let (dw, blas, x, pool) = (context.parameterGradients, BLAS.shared, context.inputs[0], context.pool)
    if let dx = context.inputGradients[0] {
      let (weight, beta) = (context.parameters[0], context.accumulate[0] ? Float(1) : 0)
      pool.blocks(s.rows, s.features) { rows, columns in
        blas.sgemm(
          transA: false, transB: false, m: rows.count, n: columns.count, k: s.width, alpha: 1,
          a: gates + rows.lowerBound * s.width, lda: s.width, b: weight + columns.lowerBound, ldb: s.features,
          beta: beta, c: dx + rows.lowerBound * s.features + columns.lowerBound, ldc: s.features)
      }
    }
    pool.blocks(s.width, s.features) { rows, columns in
      blas.sgemm(
        transA: true, transB: false, m: rows.count, n: columns.count, k: s.rows, alpha: 1, a: gates + rows.lowerBound,
        lda: s.width, b: x + columns.lowerBound, ldb: s.features, beta: 0,
        c: dw[0] + rows.lowerBound * s.features + columns.lowerBound, ldc: s.features)
    }
    let direct = cell == .lstm ? s.width : 2 * s.hidden
    steps.weightGradient(UnsafePointer(gates), width: s.width, rows: direct, to: dw[1], pool: pool)
    if cell == .gru {
      steps.weightGradient(
        UnsafePointer(memory), width: s.hidden, rows: s.hidden, to: dw[1] + direct * s.hidden, pool: pool)
    }
    guard bias else { return }
    sums.run(gates, sums: dw[2], scratch: sumScratch, pool: pool)
    memcpy(dw[3], dw[2], direct * MemoryLayout<Float>.stride)
    if cell == .gru {
      partSums.run(memory, sums: dw[3] + direct, scratch: sumScratch + sums.scratch, pool: pool)
    }
  }
}
