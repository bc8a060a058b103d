/// What a convolution or a pool does to a length.
public struct TimeWindow: Hashable, Sendable {
  /// Points that the window covers: dilation (kernel - 1) + 1.
  public let reach: Int
  public let stride: Int
  /// Points before the first and behind the last that count as input.
  public let padding: Int
  public let paddingEnd: Int
  public let ceilMode: Bool

  public init(reach: Int, stride: Int, padding: Int, paddingEnd: Int, ceilMode: Bool = false) {
    self.reach = reach
    self.stride = stride
    self.padding = padding
    self.paddingEnd = paddingEnd
    self.ceilMode = ceilMode
  }

  /// How many windows a sequence of `length` points has; 0 where none fits.
  func callAsFunction(_ length: Int) -> Int {
    if ceilMode {
      return max(
        0, MaxPool.outputExtent(input: length, kernel: reach, stride: stride, padding: padding, ceilMode: true))
    }
    let room = length + padding + paddingEnd - reach
    return room < 0 ? 0 : room / stride + 1
  }
}

/// Where the sequences of a batch end behind some convolutions and pools, as a function of where they ended before.
///
/// The lengths themselves are values of a step, not of the plan: they are an input of the operations that ask for them,
/// one float a sample.
public struct SequenceLengths: Hashable, Sendable {
  private var windows: [TimeWindow] = []

  /// The lengths as they are given.
  public init() {}

  /// The lengths behind one more window.
  public func behind(_ window: TimeWindow) -> SequenceLengths {
    var result = self
    // A window that keeps every length need not be applied.
    if window.stride > 1 || window.padding + window.paddingEnd != window.reach - 1 { result.windows.append(window) }
    return result
  }

  /// The length that `given` becomes.
  public func callAsFunction(_ given: Int) -> Int { windows.reduce(given) { $1($0) } }
}
