/// The extents of one direction of a recurrent layer.
struct RecurrentShape: Sendable {
  let batch: Int
  let length: Int
  let features: Int
  let hidden: Int
  /// Values of all gates of one step.
  let width: Int
  let reverse: Bool

  /// Steps of all sequences.
  var rows: Int { batch * length }
  /// Sequences that go through the steps together: enough rows to repay packing the weight, and several tiles.
  var tiling: Tiling { Tiling(batch, by: max(16, min(32, (batch + 3) / 4))) }

  /// The position that step `step` works on.
  func position(_ step: Int) -> Int { reverse ? length - 1 - step : step }
}

/// Runs tiles of the batch through the steps, forward and back.
struct RecurrentSteps: @unchecked Sendable {
  let shape: RecurrentShape
  /// [N, T, width]
  let gates: UnsafeMutablePointer<Float>
  /// [N, T, H]: cells of an LSTM, the part behind the reset gate of a GRU.
  let memory: UnsafeMutablePointer<Float>
  /// [N, T, H], the layer's output.
  let hidden: UnsafePointer<Float>
  /// [width, H]
  let weight: UnsafePointer<Float>
  let ends: SequenceLengths?
  /// [N], what `ends` counts from.
  let given: UnsafePointer<Float>?

  /// Whether position `at` lies behind the end of sequence `n`.
  private func isBehindEnd(_ n: Int, _ at: Int) -> Bool {
    guard let ends, let given else { return false }
    return at >= ends(Int(given[n]))
  }

  private var rowStride: Int { shape.length * shape.hidden }
  private var gateStride: Int { shape.length * shape.width }

  /// Adds the product of a tile's hidden states at `before` with rows `first` ..< `first + count` of the weight to `target`.
  private func addProduct(
    _ tile: Range<Int>, before: Int, rows first: Int, _ count: Int, to target: UnsafeMutablePointer<Float>, stride: Int
  ) {
    BLAS.shared.sgemm(
      transA: false, transB: true, m: tile.count, n: count, k: shape.hidden, alpha: 1,
      a: hidden + tile.lowerBound * rowStride + before * shape.hidden, lda: rowStride,
      b: weight + first * shape.hidden, ldb: shape.hidden, beta: 1, c: target, ldc: stride)
  }

  func lstm(_ tile: Range<Int>, y: UnsafeMutablePointer<Float>) {
    let (h, kernels) = (shape.hidden, Kernels.table)
    for step in 0..<shape.length {
      let (at, before) = (shape.position(step), step > 0 ? shape.position(step - 1) : nil)
      if let before {
        addProduct(
          tile, before: before, rows: 0, shape.width, to: gates + tile.lowerBound * gateStride + at * shape.width,
          stride: gateStride)
      }
      for n in tile {
        let cells = memory + n * rowStride
        if isBehindEnd(n, at) {
          (cells + at * h).update(repeating: 0, count: h)
          (y + n * rowStride + at * h).update(repeating: 0, count: h)
          continue
        }
        kernels.lstm_gates(
          h, gates + n * gateStride + at * shape.width, before.map { UnsafePointer(cells + $0 * h) }, cells + at * h,
          y + n * rowStride + at * h)
      }
    }
  }

  func gru(_ tile: Range<Int>, y: UnsafeMutablePointer<Float>, candidateBias: UnsafePointer<Float>?) {
    let (h, kernels) = (shape.hidden, Kernels.table)
    for step in 0..<shape.length {
      let (at, before) = (shape.position(step), step > 0 ? shape.position(step - 1) : nil)
      let part = memory + tile.lowerBound * rowStride + at * h
      for row in 0..<tile.count {
        if let candidateBias {
          (part + row * rowStride).update(from: candidateBias, count: h)
        } else {
          (part + row * rowStride).update(repeating: 0, count: h)
        }
      }
      if let before {
        addProduct(
          tile, before: before, rows: 0, 2 * h, to: gates + tile.lowerBound * gateStride + at * shape.width,
          stride: gateStride)
        addProduct(tile, before: before, rows: 2 * h, h, to: part, stride: rowStride)
      }
      for n in tile {
        if isBehindEnd(n, at) {
          (y + n * rowStride + at * h).update(repeating: 0, count: h)
          continue
        }
        kernels.gru_gates(
          h, gates + n * gateStride + at * shape.width, memory + n * rowStride + at * h,
          before.map { hidden + n * rowStride + $0 * h }, y + n * rowStride + at * h)
      }
    }
  }

  /// `carried` has room for the gradients of hidden states and cells of the batch, [N, H] each.
  func lstmGradient(_ tile: Range<Int>, dy: UnsafePointer<Float>, carried: UnsafeMutablePointer<Float>) {
    let (h, kernels) = (shape.hidden, Kernels.table)
    let carriedCells = carried + shape.batch * h
    (carried + tile.lowerBound * h).update(repeating: 0, count: tile.count * h)
    (carriedCells + tile.lowerBound * h).update(repeating: 0, count: tile.count * h)
    for step in (0..<shape.length).reversed() {
      let (at, before) = (shape.position(step), step > 0 ? shape.position(step - 1) : nil)
      for n in tile {
        let cells = UnsafePointer(memory + n * rowStride)
        if isBehindEnd(n, at) {
          (gates + n * gateStride + at * shape.width).update(repeating: 0, count: shape.width)
          (carried + n * h).update(repeating: 0, count: h)
          (carriedCells + n * h).update(repeating: 0, count: h)
          continue
        }
        kernels.lstm_gates_gradient(
          h, gates + n * gateStride + at * shape.width, before.map { cells + $0 * h }, cells + at * h,
          dy + n * rowStride + at * h, carried + n * h, carriedCells + n * h)
      }
      if before == nil { continue }
      BLAS.shared.sgemm(
        transA: false, transB: false, m: tile.count, n: h, k: shape.width, alpha: 1,
        a: gates + tile.lowerBound * gateStride + at * shape.width, lda: gateStride, b: weight, ldb: h, beta: 0,
        c: carried + tile.lowerBound * h, ldc: h)
    }
  }

  /// `carried` has room for the gradients of hidden states of the batch, [N, H].
  func gruGradient(_ tile: Range<Int>, dy: UnsafePointer<Float>, carried: UnsafeMutablePointer<Float>) {
    let (h, kernels, blas) = (shape.hidden, Kernels.table, BLAS.shared)
    let target = carried + tile.lowerBound * h
    target.update(repeating: 0, count: tile.count * h)
    for step in (0..<shape.length).reversed() {
      let (at, before) = (shape.position(step), step > 0 ? shape.position(step - 1) : nil)
      for n in tile {
        if isBehindEnd(n, at) {
          (gates + n * gateStride + at * shape.width).update(repeating: 0, count: shape.width)
          (memory + n * rowStride + at * h).update(repeating: 0, count: h)
          (carried + n * h).update(repeating: 0, count: h)
          continue
        }
        kernels.gru_gates_gradient(
          h, gates + n * gateStride + at * shape.width, memory + n * rowStride + at * h,
          before.map { hidden + n * rowStride + $0 * h }, dy + n * rowStride + at * h, carried + n * h)
      }
      if before == nil { continue }
      blas.sgemm(
        transA: false, transB: false, m: tile.count, n: h, k: 2 * h, alpha: 1,
        a: gates + tile.lowerBound * gateStride + at * shape.width, lda: gateStride, b: weight, ldb: h, beta: 1,
        c: target, ldc: h)
      blas.sgemm(
        transA: false, transB: false, m: tile.count, n: h, k: h, alpha: 1,
        a: memory + tile.lowerBound * rowStride + at * h, lda: rowStride, b: weight + 2 * h * h, ldb: h, beta: 1,
        c: target, ldc: h)
    }
  }

  /// Writes `rows` rows of the weight's gradient: the sum over all steps but the first of `gradients` [N, T, width] with
  /// the hidden state before the step.
  func weightGradient(
    _ gradients: UnsafePointer<Float>, width: Int, rows: Int, to target: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (h, s, blas) = (shape.hidden, shape, BLAS.shared)
    // Step and state before it lie one position apart.
    let (own, before) = s.reverse ? (0, 1) : (1, 0)
    pool.blocks(rows, h) { rows, columns in
      let block = target + rows.lowerBound * h + columns.lowerBound
      if s.length < 2 {
        for row in 0..<rows.count { (block + row * h).update(repeating: 0, count: columns.count) }
        return
      }
      for n in 0..<s.batch {
        blas.sgemm(
          transA: true, transB: false, m: rows.count, n: columns.count, k: s.length - 1, alpha: 1,
          a: gradients + (n * s.length + own) * width + rows.lowerBound, lda: width,
          b: hidden + (n * s.length + before) * h + columns.lowerBound, ldb: h, beta: n > 0 ? 1 : 0, c: block, ldc: h)
      }
    }
  }
}
