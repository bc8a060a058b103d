/// One value at every position behind the end of a sequence; the others stay.
///
/// Inputs: channels-last [N, C, ..., T], and [N] the lengths that `lengths` turns into positions of this tensor.
public struct MaskFill: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { .inputs }
  public func gradientReadsInput(_ index: Int) -> Bool { index == 1 }
  public var label: String { "mask" }
  let valid: ValidPositions
  let value: Float

  /// - Parameter value: finite, so that what reads it has finite gradients.
  public init(batch: Int, channels: Int, spatial: [Int], lengths: SequenceLengths, value: Float) {
    valid = ValidPositions(batch: batch, channels: channels, spatial: spatial, lengths: lengths)
    let spec = TensorSpec(Shape([batch, channels] + spatial), .channelsLast)
    inputs = [spec, TensorSpec([batch])]
    output = spec
    self.value = value
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, given, y, valid, value) = (context.inputs[0], context.inputs[1], context.output, valid, value)
    context.pool.run(tiles: valid.batch) { n, _ in
      let kept = valid.count(n, given: given) * valid.channels
      valid.eachRow { row in
        let at = n * valid.sampleSize + row
        (y + at).update(from: x + at, count: kept)
        (y + at + kept).update(repeating: value, count: valid.length * valid.channels - kept)
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (dy, given, valid, adding) = (context.outputGradient, context.inputs[1], valid, context.accumulate[0])
    context.pool.run(tiles: valid.batch) { n, _ in
      let count = valid.count(n, given: given)
      let kept = count * valid.channels
      valid.eachRow { row in
        let at = n * valid.sampleSize + row
        if adding {
          Kernels.table.add(kept, dy + at, dx + at)
        } else {
          (dx + at).update(from: dy + at, count: kept)
        }
      }
      if !adding { valid.clearEnds(count, of: dx + n * valid.sampleSize) }
    }
  }
}
