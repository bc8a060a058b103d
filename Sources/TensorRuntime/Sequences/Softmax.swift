/// Softmax along one axis: `exp(x) / sum of exp(x)`, any shape and layout.
public struct Softmax: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .output }
  public var label: String { "softmax" }
  /// In memory: `outer` blocks of `length` rows of `inner` values each.
  let outer: Int
  let length: Int
  let inner: Int

  /// `axis` counts from the batch, which is 0, as PyTorch's `dim`.
  public init(spec: TensorSpec, axis: Int) {
    inputs = [spec]
    output = spec
    let shape = spec.shape
    precondition((0..<shape.rank).contains(axis), "an axis of the shape")
    let order = spec.layout == .canonical ? Array(0..<shape.rank) : [0] + Array(2..<shape.rank) + [1]
    let place = order.firstIndex(of: axis) ?? 0
    outer = order[..<place].reduce(1) { $0 * shape[$1] }
    length = shape[axis]
    inner = order[(place + 1)...].reduce(1) { $0 * shape[$1] }
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  private var tiling: Tiling { Tiling(outer, by: max(1, WorkerPool.elementsPerTile / max(1, length * inner))) }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, tiling, length, inner) = (context.inputs[0], context.output, tiling, length, inner)
    context.pool.run(tiles: tiling.tiles) { tile, _ in
      for block in tiling[tile] {
        let at = block * length * inner
        if inner == 1 {
          _ = Kernels.table.softmax_row(length, x + at, y + at)
        } else {
          Kernels.table.softmax_columns(length, inner, x + at, y + at)
        }
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (y, dy, tiling, length, inner) = (context.output, context.outputGradient, tiling, length, inner)
    let add: Int32 = context.accumulate[0] ? 1 : 0
    context.pool.run(tiles: tiling.tiles) { tile, _ in
      for block in tiling[tile] {
        let at = block * length * inner
        if inner == 1 {
          Kernels.table.softmax_row_gradient(length, y + at, dy + at, 1, dx + at, add)
        } else {
          Kernels.table.softmax_columns_gradient(length, inner, y + at, dy + at, dx + at, add)
        }
      }
    }
  }
}
