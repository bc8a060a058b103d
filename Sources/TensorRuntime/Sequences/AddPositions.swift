import Glibc

/// Adds a vector of its own to each position, the same for all samples: channels-last [N, C, T].
public struct AddPositions: Operation {
  /// Where the vectors come from.
  public enum Kind: Hashable, Sendable {
    /// Vaswani et al. 2017: `sin(t / 10000^(2i/C))` in channel 2i, the cosine of the same in channel 2i + 1.
    case sinusoidal
    /// The first T rows of a learned `weight` [positions, C], which starts normal with deviation 0.02.
    case learned(positions: Int)
  }

  public let inputs: [TensorSpec]
  public let output: TensorSpec
  public let parameters: [ParameterSpec]
  public var saved: [Int] { [] }
  public var gradientReads: GradientReads { [] }
  public var label: String { "positions" }
  let kind: Kind
  /// The sinusoids, [T, C].
  private let table: [Float]

  /// Of learned positions there are at least as many as `length`.
  public init(_ kind: Kind, batch: Int, channels: Int, length: Int) {
    inputs = [TensorSpec([batch, channels, length], .channelsLast)]
    output = inputs[0]
    self.kind = kind
    switch kind {
    case .sinusoidal:
      parameters = []
      table = Self.sinusoids(length: length, channels: channels)
    case .learned(let positions):
      precondition(length <= positions, "a vector for every position")
      parameters = [ParameterSpec("weight", [positions, channels], initialisation: .normal(deviation: 0.02))]
      table = []
    }
  }

  private static func sinusoids(length: Int, channels: Int) -> [Float] {
    (0..<length * channels).map { index in
      let (t, c) = (index / channels, index % channels)
      let angle = Double(t) * exp(-log(10000) * Double(c & ~1) / Double(channels))
      return Float(c % 2 == 0 ? sin(angle) : cos(angle))
    }
  }

  /// Values of one sample.
  private var size: Int { output.shape[1] * output.shape[2] }

  public func forwardScratch(threads: Int) -> Int { 0 }
  public func backwardScratch(threads: Int) -> Int { 0 }

  public func forward(_ context: borrowing ForwardContext) {
    let (x, y, size, parameters) = (context.inputs[0], context.output, size, context.parameters)
    table.withUnsafeBufferPointer { sinusoids in
      guard let vectors = parameters.first ?? sinusoids.baseAddress else { return }
      context.pool.run(tiles: output.shape[0]) { n, _ in
        Kernels.table.sum(size, x + n * size, vectors, y + n * size)
      }
    }
  }

  public func backward(_ context: borrowing BackwardContext) {
    let (dy, size, batch) = (context.outputGradient, size, output.shape[0])
    if let dx = context.inputGradients[0] {
      context.pool.copy(batch * size, from: dy, to: dx, adding: context.accumulate[0])
    }
    guard let gradient = context.parameterGradients.first else { return }
    context.pool.elements(size) { range in
      Kernels.table.column_sums(batch, range.count, size, 1, dy + range.lowerBound, gradient + range.lowerBound)
    }
    // Positions that no sample has.
    (gradient + size).update(repeating: 0, count: parameters[0].shape.count - size)
  }
}
