/// One differentiable operation on tensors whose shapes are fixed, batch included.
///
/// An operation owns no memory: the plan places every buffer, `forward` and `backward` only compute. Both must give
/// the same bits for any number of threads: split work into tiles whose bounds depend on shapes alone, and add
/// partial sums in a fixed order.
public protocol Operation: Sendable {
  /// What runs, for `show --plan` and `bench`: `conv2d 3x3 im2col`.
  var label: String { get }
  /// What its time counts as where `bench` divides a step up.
  var operationKind: OperationKind { get }
  /// The algorithms that were chosen for the operation's parts, for `show --plan`; empty where there is one way only.
  var choices: [AlgorithmChoice] { get }
  var inputs: [TensorSpec] { get }
  var output: TensorSpec { get }
  /// Trainable parameters as they lie in memory.
  var parameters: [ParameterSpec] { get }
  /// Values that outlive a step but have no gradient, such as running statistics: `forward` reads them, and in training
  /// writes them. Checkpoints keep them; optimizers and parameter counts leave them out.
  var states: [ParameterSpec] { get }
  /// Floats kept from forward to backward beside inputs and output: batch statistics, arg max. One entry a buffer.
  var saved: [Int] { get }
  /// Floats of scratch that `forward` needs with `threads` threads.
  func forwardScratch(threads: Int) -> Int
  /// Floats of scratch that `backward` needs with `threads` threads.
  func backwardScratch(threads: Int) -> Int
  /// Whether `backward` reads the values of the inputs, of the output.
  var gradientReads: GradientReads { get }
  /// Whether `backward` reads the values of input `index`; by default those of all inputs where `gradientReads` has
  /// `.inputs`.
  func gradientReadsInput(_ index: Int) -> Bool
  /// Writes the whole output.
  func forward(_ context: borrowing ForwardContext)
  /// Writes (`accumulate` false) or adds to (true) each input gradient that is wanted, and writes parameter gradients whole.
  func backward(_ context: borrowing BackwardContext)
  /// Why the operation cannot run on a batch of its size, in one sentence; nil where it can.
  func problem(training: Bool) -> String?
}

extension Operation {
  public var operationKind: OperationKind { .other }
  public var choices: [AlgorithmChoice] { [] }

  public var states: [ParameterSpec] { [] }

  public func gradientReadsInput(_ index: Int) -> Bool { gradientReads.contains(.inputs) }

  public func problem(training: Bool) -> String? { nil }
}

/// Shape and layout of an operand.
public struct TensorSpec: Hashable, Sendable {
  public let shape: Shape
  public let layout: Layout

  public init(_ shape: Shape, _ layout: Layout = .canonical) {
    self.shape = shape
    self.layout = layout
  }
}

/// A parameter in memory and its place in PyTorch's order.
public struct ParameterSpec: Sendable {
  /// PyTorch's name within its module: `weight`, `bias`.
  public let name: String
  /// PyTorch's shape, such as [out, in, kh, kw].
  public let shape: Shape
  /// The axes of `shape` in the order in which they lie in memory, outermost first; [0, 2, 3, 1] keeps input channels innermost.
  public let memoryOrder: [Int]
  public let initialisation: Initialisation

  public init(_ name: String, _ shape: Shape, memoryOrder: [Int]? = nil, initialisation: Initialisation) {
    self.name = name
    self.shape = shape
    self.memoryOrder = memoryOrder ?? Array(0..<shape.rank)
    self.initialisation = initialisation
  }
}

/// How a parameter starts. Draws go by PyTorch's element order, whatever the layout in memory.
public enum Initialisation: Hashable, Sendable {
  case constant(Float)
  /// Uniform in [-bound, bound].
  case uniform(bound: Float)
  case normal(deviation: Float)
}

/// What `backward` reads beside the output's gradient.
public struct GradientReads: OptionSet, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  public static let inputs = GradientReads(rawValue: 1)
  public static let output = GradientReads(rawValue: 2)
}
