import Glibc

/// The values at one position of each sequence: channels-last [N, C, T] to [N, C].
public struct SelectPosition: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "select" }
  let position: Int

  public init(batch: Int, channels: Int, length: Int, position: Int) {
    precondition((0..<length).contains(position), "a position of the sequence")
    inputs = [TensorSpec([batch, channels, length], .channelsLast)]
    output = TensorSpec([batch, channels])
    self.position = position
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (channels, length) = (output.shape[1], inputs[0].shape[2])
    for n in 0..<output.shape[0] {
      (context.output + n * channels).update(
        from: context.inputs[0] + (n * length + position) * channels, count: channels)
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (channels, length, position) = (output.shape[1], inputs[0].shape[2], position)
    let (dy, adding) = (context.outputGradient, context.accumulate[0])
    context.pool.run(tiles: output.shape[0]) { n, _ in
      let (sequence, source) = (dx + n * length * channels, dy + n * channels)
      if adding {
        Kernels.table.add(channels, source, sequence + position * channels)
      } else {
        sequence.update(repeating: 0, count: length * channels)
        (sequence + position * channels).update(from: source, count: channels)
      }
    }
  }
}
