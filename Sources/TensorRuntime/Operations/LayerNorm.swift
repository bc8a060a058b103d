/// Layer normalisation (Ba, Kiros, Hinton 2016): over each run of `normalized` trailing values,
/// `y = (x - mean) / sqrt(variance + epsilon) * weight + bias`, with the biased variance.
///
/// Input and output are canonical; weight and bias have the normalised axes.
public struct LayerNorm: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  /// Mean and reciprocal deviation of each row.
  public let saved: [Int]
  public var gradientReads: GradientReads { .inputs }
  public var label: String { "layer_norm" }
  let rows: Int
  let width: Int
  let epsilon: Float
  let affine: Bool

  /// `shape` is the input's, batch first; `normalized` is the product of its trailing extents that are normalised
  /// together.
  public init(shape: Shape, normalized: Int, epsilon: Double, affine: Bool) {
    precondition(normalized > 0 && shape.count % normalized == 0, "whole rows")
    inputs = [TensorSpec(shape)]
    output = TensorSpec(shape)
    rows = shape.count / normalized
    width = normalized
    self.epsilon = Float(epsilon)
    self.affine = affine
    // PyTorch's shape: the trailing axes themselves.
    let axes = (1...max(1, shape.rank)).first { shape.extents.suffix($0).reduce(1, *) == normalized }
    parameters =
      affine ? ParameterSpec.scaleAndShift(Shape(axes.map { Array(shape.extents.suffix($0)) } ?? [normalized])) : []
    saved = [2 * rows]
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { affine ? blocks.tiles * 2 * width : 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, width) = (context.inputs[0], context.output, width)
    let statistics = context.training ? context.saved[0] : nil
    let weight = affine ? context.parameters[0] : nil
    let bias = affine ? context.parameters[1] : nil
    let blocks = blocks
    context.pool.run(tiles: blocks.tiles) { block, _ in
      for row in blocks[block] {
        var (mean, deviation) = (0.0, 0.0)
        Kernels.table.moments(1, width, width, x + row * width, &mean, &deviation)
        let scale = Float(1 / (deviation / Double(width) + Double(epsilon)).squareRoot())
        statistics?[2 * row] = Float(mean)
        statistics?[2 * row + 1] = scale
        Kernels.table.layer_norm(width, Float(mean), scale, x + row * width, weight, bias, y + row * width)
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (x, dy, dx, width) = (context.inputs[0], context.outputGradient, context.inputGradients[0], width)
    let (statistics, scratch, affine) = (context.saved[0], context.scratch, affine)
    let weight = affine ? context.parameters[0] : nil
    let add: Int32 = context.accumulate[0] ? 1 : 0
    let blocks = blocks
    context.pool.run(tiles: blocks.tiles) { block, _ in
      let partial = affine ? scratch + block * 2 * width : nil
      partial?.update(repeating: 0, count: 2 * width)
      for row in blocks[block] {
        Kernels.table.layer_norm_gradient(
          width, statistics[2 * row], statistics[2 * row + 1], x + row * width, dy + row * width, weight,
          dx.map { $0 + row * width }, add, partial, partial.map { $0 + width })
      }
    }
    guard affine else { return }
    for (index, gradient) in context.parameterGradients.enumerated() {
      Kernels.table.column_sums(blocks.tiles, width, 2 * width, 1, scratch + index * width, gradient)
    }
  }

  /// Rows that one tile takes; the parameters' gradients are summed a block first.
  private var blocks: Tiling { Tiling(rows, by: max(8, (rows + 63) / 64)) }
}
