/// Scaled dot-product attention of several heads (Vaswani et al. 2017): `softmax(Q K^T / sqrt(d)) V` for each sample and
/// head, over all positions.
///
/// Input is channels-last [N, 3 E, T]: queries, keys and values of E channels each, of which head h has the channels
/// h d ..< (h + 1) d. Output is channels-last [N, E, T]. The weights [T, T] are not kept, but made again by `backward`:
/// memory grows with the length, not with its square. With `ends`, a second input [N] of lengths, positions behind the end
/// of a sequence are neither read nor written to but with zeros.
public struct Attention: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  /// The log of each softmax's denominator.
  public let saved: [Int]
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "attention" }
  let shape: AttentionShape
  let dropout: Double
  let ends: SequenceLengths?

  /// `heads` divides `channels`, E; `dropout` is the probability in 0...1 that a weight is zeroed in training.
  public init(
    batch: Int, channels: Int, length: Int, heads: Int, dropout: Double, ends: SequenceLengths? = nil
  ) {
    precondition(heads > 0 && channels % heads == 0, "heads of one size")
    precondition((0...1).contains(dropout), "dropout is a probability")
    inputs = [TensorSpec([batch, 3 * channels, length], .channelsLast)] + (ends == nil ? [] : [TensorSpec([batch])])
    self.ends = ends
    output = TensorSpec([batch, channels, length], .channelsLast)
    shape = AttentionShape(channels: channels, length: length, heads: heads)
    self.dropout = dropout
    saved = [batch * heads * length]
  }

  public func forwardScratch(threads: Int) -> Int { threads * shape.weights }
  public func backwardScratch(threads: Int) -> Int { threads * 2 * shape.weights }

  /// Positions of a tile's sequence.
  private func count(_ tile: Int, _ inputs: [UnsafePointer<Float>]) -> Int {
    guard let ends else { return shape.length }
    return max(0, min(shape.length, ends(Int(inputs[1][tile / shape.heads]))))
  }

  /// Which weights of one sample and head training drops.
  private struct Mask: Sendable {
    let key: UInt64
    let threshold: UInt32
    let scale: Float
    let count: Int

    init?(_ p: Double, key: RandomKey, count: Int) {
      threshold = UInt32((p * 65536).rounded())
      if threshold == 0 { return nil }
      scale = p < 1 ? Float(1 / (1 - p)) : 0
      self.key = key.bits
      self.count = count
    }

    func apply(_ tile: Int, to values: UnsafeMutablePointer<Float>) {
      // The generator's blocks serve eight values.
      Kernels.table.dropout(count, key, UInt64(tile * ((count + 7) & ~7)), threshold, scale, values, values, 0)
    }
  }

  public func forward(_ context: borrowing ForwardContext) {
    let (s, x, y, sums, scratch) = (shape, context.inputs[0], context.output, context.saved[0], context.scratch)
    let inputs = context.inputs
    let mask = context.training ? Mask(dropout, key: context.randomKey, count: s.weights) : nil
    context.pool.run(tiles: output.shape[0] * s.heads) { tile, worker in
      let weights = scratch + worker * s.weights
      let head = s.head(tile, of: x)
      s.scores(head, to: weights)
      let count = count(tile, inputs)
      for row in 0..<count {
        let at = weights + row * s.length
        sums[tile * s.length + row] = Kernels.table.softmax_row(count, at, at)
      }
      s.clear(weights, behind: count)
      mask?.apply(tile, to: weights)
      BLAS.shared.sgemm(
        transA: false, transB: false, m: s.length, n: s.width, k: s.length, alpha: 1, a: weights, lda: s.length,
        b: head + 2 * s.channels, ldb: s.stride, beta: 0, c: y + s.outputOffset(tile), ldc: s.channels)
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (s, x, dy, sums, scratch) = (
      shape, context.inputs[0], context.outputGradient, context.saved[0], context.scratch
    )
    let mask = Mask(dropout, key: context.randomKey, count: s.weights)
    let inputs = context.inputs
    let (beta, blas, length) = (context.accumulate[0] ? Float(1) : 0, BLAS.shared, shape.length)
    context.pool.run(tiles: output.shape[0] * s.heads) { tile, worker in
      let weights = scratch + 2 * worker * s.weights
      let gradients = weights + s.weights
      let (head, gradient, output) = (s.head(tile, of: x), s.offset(tile), dy + s.outputOffset(tile))
      let count = count(tile, inputs)
      func again() {
        s.scores(head, to: weights)
        for row in 0..<count {
          let at = weights + row * length
          Kernels.table.softmax_again(count, at, sums[tile * length + row], at)
        }
        s.clear(weights, behind: count)
      }
      again()
      mask?.apply(tile, to: weights)
      // Values: the weights' transpose by the output's gradient.
      blas.sgemm(
        transA: true, transB: false, m: length, n: s.width, k: length, alpha: 1, a: weights, lda: length, b: output,
        ldb: s.channels, beta: beta, c: dx + gradient + 2 * s.channels, ldc: s.stride)
      blas.sgemm(
        transA: false, transB: true, m: length, n: length, k: s.width, alpha: 1, a: output, lda: s.channels,
        b: head + 2 * s.channels, ldb: s.stride, beta: 0, c: gradients, ldc: length)
      if let mask {
        mask.apply(tile, to: gradients)
        again()
      }
      for row in 0..<count {
        let at = gradients + row * length
        Kernels.table.softmax_row_gradient(count, weights + row * length, at, s.scale, at, 0)
      }
      s.clear(gradients, behind: count)
      blas.sgemm(
        transA: false, transB: false, m: length, n: s.width, k: length, alpha: 1, a: gradients, lda: length,
        b: head + s.channels, ldb: s.stride, beta: beta, c: dx + gradient, ldc: s.stride)
      blas.sgemm(
        transA: true, transB: false, m: length, n: s.width, k: length, alpha: 1, a: gradients, lda: length, b: head,
        ldb: s.stride, beta: beta, c: dx + gradient + s.channels, ldc: s.stride)
    }
  }
}

/// Where the queries, keys and values of a head lie; a tile is one head of one sample.
struct AttentionShape: Sendable {
  let channels: Int
  let length: Int
  let heads: Int

  /// Channels of one head.
  var width: Int { channels / heads }
  /// Between positions of the input.
  var stride: Int { 3 * channels }
  /// Weights of one tile.
  var weights: Int { length * length }
  var scale: Float { 1 / Float(width).squareRoot() }

  /// A tile's first query in the input.
  func offset(_ tile: Int) -> Int { tile / heads * length * stride + tile % heads * width }
  func head(_ tile: Int, of x: UnsafePointer<Float>) -> UnsafePointer<Float> { x + offset(tile) }
  func outputOffset(_ tile: Int) -> Int { tile / heads * length * channels + tile % heads * width }

  /// Writes zeros to the weights from and to positions that are not among the first `count`.
  func clear(_ weights: UnsafeMutablePointer<Float>, behind count: Int) {
    if count == length { return }
    for row in 0..<count { (weights + row * length + count).update(repeating: 0, count: length - count) }
    (weights + count * length).update(repeating: 0, count: (length - count) * length)
  }

  /// Queries by keys, scaled.
  func scores(_ head: UnsafePointer<Float>, to scores: UnsafeMutablePointer<Float>) {
    BLAS.shared.sgemm(
      transA: false, transB: true, m: length, n: length, k: width, alpha: scale, a: head, lda: stride,
      b: head + channels, ldb: stride, beta: 0, c: scores, ldc: length)
  }
}
