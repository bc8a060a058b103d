import Glibc

/// The values at one position of each sequence: channels-last [N, C, T] to [N, C]. With `ends` the position is the last
/// before the end of each sequence, and a second input [N] has the lengths.
public struct SelectPosition: Operation {
  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public var parameters: [ParameterSpec] { [] }
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { ends == nil ? [] : .inputs }
  public func gradientReadsInput(_ index: Int) -> Bool { index == 1 }
  public var label: String { "select" }
  let position: Int
  let ends: SequenceLengths?

  public init(batch: Int, channels: Int, length: Int, position: Int) {
    precondition((0..<length).contains(position), "a position of the sequence")
    inputs = [TensorSpec([batch, channels, length], .channelsLast)]
    output = TensorSpec([batch, channels])
    self.position = position
    ends = nil
  }

  /// The last position before the end of each sequence.
  public init(batch: Int, channels: Int, length: Int, ends: SequenceLengths) {
    inputs = [TensorSpec([batch, channels, length], .channelsLast), TensorSpec([batch])]
    output = TensorSpec([batch, channels])
    position = length - 1
    self.ends = ends
  }

  /// The position of sample `n`.
  private func position(_ n: Int, _ inputs: [UnsafePointer<Float>]) -> Int {
    guard let ends else { return position }
    return max(0, min(position, ends(Int(inputs[1][n])) - 1))
  }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (channels, length) = (output.shape[1], inputs[0].shape[2])
    for n in 0..<output.shape[0] {
      (context.output + n * channels).update(
        from: context.inputs[0] + (n * length + position(n, context.inputs)) * channels, count: channels)
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    guard let dx = context.inputGradients[0] else { return }
    let (channels, length, inputs) = (output.shape[1], inputs[0].shape[2], context.inputs)
    let (dy, adding) = (context.outputGradient, context.accumulate[0])
    context.pool.run(tiles: output.shape[0]) { n, _ in
      let (sequence, source) = (dx + n * length * channels, dy + n * channels)
      let position = position(n, inputs)
      if adding {
        Kernels.table.add(channels, source, sequence + position * channels)
      } else {
        sequence.update(repeating: 0, count: length * channels)
        (sequence + position * channels).update(from: source, count: channels)
      }
    }
  }
}
