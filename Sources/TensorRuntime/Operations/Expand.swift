import Glibc

/// Spreads a tensor over axes in which it has one value: [N, C, 1, 1] or [N, 1, H, W] to [N, C, H, W].
///
/// Input and output are channels-last, or [N, F].
public struct Expand: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "expand" }

  /// Height, width and channels of one sample; one spatial axis is a height of one, none also a width of one.
  private struct Extents {
    let height: Int
    let width: Int
    let channels: Int

    init(_ shape: Shape) {
      height = shape.rank > 3 ? shape[2] : 1
      width = shape.rank > 2 ? shape[shape.rank - 1] : 1
      channels = shape[1]
    }

    var count: Int { height * width * channels }
  }

  /// The shapes have one rank, of 2 to 4; each extent of `shape` is that of `target` or 1, that of the batch the same.
  public init(from shape: Shape, to target: Shape) {
    precondition((2...4).contains(shape.rank) && shape.rank == target.rank && shape[0] == target[0], "one rank")
    precondition(zip(shape.extents, target.extents).allSatisfy { $0 == $1 || $0 == 1 }, "extents of 1 are spread")
    let layout = shape.rank == 2 ? Layout.canonical : .channelsLast
    inputs = [TensorSpec(shape, layout)]
    output = TensorSpec(target, layout)
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  // A sample's sums over the spatial axes, and those over the height alone.
  public func backwardScratch(threads: Int) -> Int {
    let (small, large) = (Extents(inputs[0].shape), Extents(output.shape))
    return threads * (small.height * large.width + small.height * small.width) * large.channels
  }

  public func forward(_ context: borrowing ForwardContext) {
    let (small, large) = (Extents(inputs[0].shape), Extents(output.shape))
    let (x, y) = (context.inputs[0], context.output)
    context.pool.run(tiles: output.shape[0]) { sample, _ in
      var target = y + sample * large.count
      for row in 0..<large.height {
        for column in 0..<large.width {
          let pixel = (small.height > 1 ? row : 0) * small.width + (small.width > 1 ? column : 0)
          let source = x + sample * small.count + pixel * small.channels
          if small.channels == large.channels {
            memcpy(target, source, large.channels * MemoryLayout<Float>.stride)
          } else {
            target.update(repeating: source[0], count: large.channels)
          }
          target += large.channels
        }
      }
    }
  }

  /// The sum of the output's gradient over the axes that were spread: height, then width, then channels.
  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (small, large) = (Extents(inputs[0].shape), Extents(output.shape))
    let (dy, scratch, add) = (context.outputGradient, context.scratch, context.accumulate[0] ? Int32(1) : 0)
    let rowCount = large.width * large.channels
    context.pool.run(tiles: output.shape[0]) { sample, worker in
      let first = scratch + worker * (small.height * large.width + small.height * small.width) * large.channels
      var rows = dy + sample * large.count
      if small.height < large.height {
        Kernels.table.column_sums(large.height, rowCount, rowCount, 1, rows, first)
        rows = UnsafePointer(first)
      }
      if small.width < large.width {
        let second = first + small.height * rowCount
        for row in 0..<small.height {
          Kernels.table.column_sums(
            large.width, large.channels, large.channels, 1, rows + row * rowCount, second + row * large.channels)
        }
        rows = UnsafePointer(second)
      }
      Kernels.table.fold_each(small.count, large.channels / small.channels, rows, dx + sample * small.count, add)
    }
  }
}
