/// Repeats or interpolates along one or two spatial axes, as PyTorch's `interpolate` by whole factors: `nearest`, or
/// linear (bilinear) without aligned corners.
///
/// Input [N, C, ...] and output are channels-last.
public struct Upsample: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public let label: String
  private let channels: Int
  private let width: Int
  private let outWidth: Int
  private let imageCount: Int
  private let rows: [[Part]]
  private let columns: [[Part]]

  /// What a point of the output takes of one point of the input.
  private struct Part {
    let place: Int
    let weight: Float
  }

  /// The parts of each point of an axis, one or two.
  private static func parts(_ extent: Int, factor: Int, linear: Bool) -> [[Part]] {
    (0..<extent * factor).map { index in
      guard linear else { return [Part(place: index / factor, weight: 1)] }
      let place = max(0, (Double(index) + 0.5) / Double(factor) - 0.5)
      let first = min(Int(place), extent - 1)
      let share = first + 1 < extent ? Float(place - Double(first)) : 0
      return [Part(place: first, weight: 1 - share)] + (share > 0 ? [Part(place: first + 1, weight: share)] : [])
    }
  }

  /// `input` and `factors` have one positive value a spatial axis: one or two.
  public init(batch: Int, channels: Int, input: [Int], factors: [Int], linear: Bool) {
    precondition((1...2).contains(input.count) && factors.count == input.count, "one or two spatial axes")
    inputs = [TensorSpec(Shape([batch, channels] + input), .channelsLast)]
    output = TensorSpec(Shape([batch, channels] + zip(input, factors).map { $0 * $1 }), .channelsLast)
    label = "upsample\(input.count)d"
    self.channels = channels
    width = input[input.count - 1]
    imageCount = input.reduce(channels, *)
    let (height, scale) = input.count == 2 ? (input[0], factors[0]) : (1, 1)
    rows = Upsample.parts(height, factor: scale, linear: linear)
    columns = Upsample.parts(width, factor: factors[factors.count - 1], linear: linear)
    outWidth = columns.count
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y) = (context.inputs[0], context.output)
    context.pool.run(tiles: output.shape[0] * rows.count) { tile, _ in
      let (sample, row) = (tile / rows.count, tile % rows.count)
      let target = y + tile * outWidth * channels
      target.update(repeating: 0, count: outWidth * channels)
      eachPart(row) { column, pixel, weight in
        Kernels.table.axpy(channels, weight, x + sample * imageCount + pixel * channels, target + column * channels)
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (dy, accumulate) = (context.outputGradient, context.accumulate[0])
    context.pool.run(tiles: output.shape[0]) { sample, _ in
      let target = dx + sample * imageCount
      if !accumulate { target.update(repeating: 0, count: imageCount) }
      for row in rows.indices {
        let source = dy + (sample * rows.count + row) * outWidth * channels
        eachPart(row) { column, pixel, weight in
          Kernels.table.axpy(channels, weight, source + column * channels, target + pixel * channels)
        }
      }
    }
  }

  /// Calls `body` for each pixel of the input that a pixel of output row `row` takes part of.
  private func eachPart(_ row: Int, _ body: (_ column: Int, _ pixel: Int, _ weight: Float) -> Void) {
    for vertical in rows[row] {
      for column in columns.indices {
        for part in columns[column] {
          body(column, vertical.place * width + part.place, vertical.weight * part.weight)
        }
      }
    }
  }
}
