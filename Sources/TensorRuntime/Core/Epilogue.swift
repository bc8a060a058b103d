/// What an operation does to its output in the pass that writes it: `y = activation(product + addend)`.
public struct Epilogue: Hashable, Sendable {
  /// Whether a tensor of the output's shape and layout is added.
  public let addsTensor: Bool
  public let activation: ActivationKind?

  public init(addsTensor: Bool, activation: ActivationKind?) {
    self.addsTensor = addsTensor
    self.activation = activation
  }

  /// What it adds to the host's label: ` + add + relu`.
  public var label: String { (addsTensor ? " + add" : "") + (activation.map { " + \($0.label)" } ?? "") }

  /// Whether `takeBack` reads the output.
  public var gradientReads: GradientReads { activation == nil ? [] : .output }

  /// Finishes `count` values that lie one behind the other; `y` holds the product.
  ///
  /// - Parameter addend: those of the tensor that is added; nil where none is.
  func finish(_ count: Int, addend: UnsafePointer<Float>?, _ y: UnsafeMutablePointer<Float>) {
    if let addend { Kernels.table.add(count, addend, y) }
    switch activation {
    case nil: break
    case .relu: Kernels.table.relu(count, y, y)
    case .silu: Kernels.table.silu(count, y, y)
    case .elu(let alpha): Kernels.table.elu(count, alpha, y, y)
    }
  }

  /// Takes the output's gradient back through the activation, in place; then it is that of the product and of the
  /// addend.
  func takeBack(
    _ count: Int, y: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    guard let activation else { return }
    pool.elements(count) { range in
      let (count, y, gradient) = (range.count, y + range.lowerBound, gradient + range.lowerBound)
      switch activation {
      case .relu: Kernels.table.relu_gradient(count, y, gradient, gradient, 0)
      case .elu(let alpha): Kernels.table.elu_gradient(count, alpha, y, gradient, gradient, 0)
      case .silu: preconditionFailure("no gradient of silu follows from its output: hosts take it in inference only")
      }
    }
  }
}

/// An operation that can take an `Epilogue` into its last write, so that its output is not read and written again.
///
/// The result of `absorbing`
/// - has the host's inputs, and behind them the addend (shape and layout of the output) where there is one; the host's
///   output, parameters and states; `epilogue.label` behind the host's label; and `epilogue.gradientReads` beside the
///   host's. It need not read the addend's values in `backward` (`gradientReadsInput`).
/// - In `forward` it calls `epilogue.finish` on each part of the output right after computing it, while it is in cache.
/// - In `backward` it first takes the output's gradient back through the activation by `epilogue.takeBack`. It may do so
///   in place: an output's gradient is nobody's but the operation's that wrote the output, once all readers of the
///   output have added to it (`UnsafeMutablePointer(mutating: context.outputGradient)`). It then goes on with that as
///   its own output's gradient, and gives the addend, which is its last input, that gradient last: input gradients
///   are written in the order of inputs, since two of them may be one tensor.
public protocol EpilogueHost: Operation {
  /// The operation with `epilogue` at its end; nil where it cannot take it. In training `epilogue.activation` is one
  /// whose gradient follows from its output.
  func absorbing(_ epilogue: Epilogue) -> (any Operation)?
}

/// An operation that passes its input through in inference, and in training where `drops` is false.
public protocol Droppable: Operation {
  /// Whether training sets any value to zero.
  var drops: Bool { get }
}
