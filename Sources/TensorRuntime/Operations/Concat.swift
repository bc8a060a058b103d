import Glibc

/// Joins tensors along one axis: all other extents and the layouts are the same.
public struct Concat: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "concat" }

  /// How the output alternates between inputs in memory: rows, and the run of each input in one.
  private let rows: Int
  private let widths: [Int]

  /// `axis` counts the batch: 1 joins channels or features.
  public init(specs: [TensorSpec], axis: Int = 1) {
    precondition(!specs.isEmpty && specs.allSatisfy { $0.layout == specs[0].layout }, "one layout")
    inputs = specs
    var extents = specs[0].shape.extents
    extents[axis] = specs.reduce(0) { $0 + $1.shape[axis] }
    output = TensorSpec(Shape(extents), specs[0].layout)
    let order = output.layout.memoryOrder(rank: extents.count)
    let outer = order.prefix { $0 != axis }
    let inner = order.dropFirst(outer.count + 1).reduce(1) { $0 * extents[$1] }
    rows = outer.reduce(1) { $0 * extents[$1] }
    widths = specs.map { $0.shape[axis] * inner }
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (inputs, y) = (context.inputs, context.output)
    let widths = widths
    let width = widths.reduce(0, +)
    let tiling = Tiling(rows, by: max(1, WorkerPool.elementsPerTile / max(1, width)))
    context.pool.run(tiles: tiling.tiles) { tile, _ in
      for row in tiling[tile] {
        var target = y + row * width
        for (x, part) in zip(inputs, widths) {
          memcpy(target, x + row * part, part * MemoryLayout<Float>.stride)
          target += part
        }
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (dy, gradients, accumulate) = (context.outputGradient, context.inputGradients, context.accumulate)
    let widths = widths
    let width = widths.reduce(0, +)
    let tiling = Tiling(rows, by: max(1, WorkerPool.elementsPerTile / max(1, width)))
    context.pool.run(tiles: tiling.tiles) { tile, _ in
      for row in tiling[tile] {
        var source = dy + row * width
        for index in widths.indices {
          let part = widths[index]
          if let dx = gradients[index] {
            if accumulate[index] {
              Kernels.table.add(part, source, dx + row * part)
            } else {
              memcpy(dx + row * part, source, part * MemoryLayout<Float>.stride)
            }
          }
          source += part
        }
      }
    }
  }
}
