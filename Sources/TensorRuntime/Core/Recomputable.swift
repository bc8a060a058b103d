/// An operation whose output may be given up after its last reader in the forward pass and made again for the backward
/// pass, at the cost of about one pass over memory.
public protocol Recomputable: Operation {
  /// Whether making the output again is cheap for this one.
  var isCheapToRecompute: Bool { get }
  /// Writes the whole output again, with the bits that `forward` gave it in training: from the inputs, which hold what
  /// they held then, and from `saved`. Neither saved buffers nor states change. `scratch` is as large as for
  /// `forward`.
  func recompute(_ context: borrowing ForwardContext)
}
