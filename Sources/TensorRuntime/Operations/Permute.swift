/// Puts axes into another order: axis i of the output is axis `order[i]` of the input.
///
/// Input and output are canonical.
public struct Permute: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "permute" }
  /// For each axis of the output, by how much a step moves in the input.
  private let strides: [Int]
  /// Extents and strides of all axes but the last.
  private let outer: [(extent: Int, stride: Int)]

  /// `order` names each axis of `shape` once.
  public init(shape: Shape, order: [Int]) {
    precondition(order.sorted() == Array(0..<shape.rank), "each axis once")
    inputs = [TensorSpec(shape)]
    output = TensorSpec(Shape(order.map { shape[$0] }))
    let strides = order.map { axis in shape.extents.dropFirst(axis + 1).reduce(1, *) }
    self.strides = strides
    outer = zip(order, strides).dropLast().map { (shape[$0], $1) }
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y) = (context.inputs[0], context.output)
    let step = strides.last ?? 1
    eachRow(context.pool) { row, start, width in
      for index in 0..<width { y[row + index] = x[start + index * step] }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (dy, accumulate, step) = (context.outputGradient, context.accumulate[0], strides.last ?? 1)
    // Each value of the input is met once, so that rows can go to any worker.
    eachRow(context.pool) { row, start, width in
      for index in 0..<width {
        let at = start + index * step
        dx[at] = accumulate ? dx[at] + dy[row + index] : dy[row + index]
      }
    }
  }

  /// Calls `body` for each row of the output's last axis with its start there and in the input.
  private func eachRow(_ pool: WorkerPool, _ body: (_ row: Int, _ start: Int, _ width: Int) -> Void) {
    let extents = output.shape.extents
    let width = extents.last ?? 1
    guard output.shape.count > 0 else { return }
    let outer = outer
    let rows = Tiling(output.shape.count / width, by: max(1, WorkerPool.elementsPerTile / width))
    pool.run(tiles: rows.tiles) { tile, _ in
      for row in rows[tile] {
        var (rest, start) = (row, 0)
        for (extent, stride) in outer.reversed() {
          start += rest % extent * stride
          rest /= extent
        }
        body(row * width, start, width)
      }
    }
  }
}
