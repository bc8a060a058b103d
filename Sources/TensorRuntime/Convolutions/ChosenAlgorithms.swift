import Synchronization

/// The algorithms of a convolution and its two gradients.
struct ChosenAlgorithms: Sendable {
  var forward: any ForwardAlgorithm
  var inputGradient: any InputGradientAlgorithm
  var weightGradient: any WeightGradientAlgorithm

  /// For each part the cheapest of those whose names begin with `preferred`, or of all where none does or it is nil.
  init(for geometry: ConvolutionGeometry, preferring preferred: String? = nil) {
    forward = geometry.forwardAlgorithms(preferring: preferred)[0]
    inputGradient = geometry.inputGradientAlgorithms(preferring: preferred)[0]
    weightGradient = geometry.weightGradientAlgorithms(preferring: preferred)[0]
  }

  /// The cost model's choice, remembered: deep networks repeat few geometries many times, and a batch of another length
  /// is planned between two steps.
  static func cheapest(for geometry: ConvolutionGeometry) -> ChosenAlgorithms {
    remembered.withLock { known in
      if let chosen = known[geometry] { return chosen }
      if known.count == capacity { known.removeAll() }
      let chosen = ChosenAlgorithms(for: geometry)
      known[geometry] = chosen
      return chosen
    }
  }

  /// Batches of unlike lengths bring ever new geometries.
  private static let capacity = 4096
  private static let remembered = Mutex<[ConvolutionGeometry: ChosenAlgorithms]>([:])
}
