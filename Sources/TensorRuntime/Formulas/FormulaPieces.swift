/// How the values of a formula's tensor are cut into pieces in which parameters repeat with one period. The cuts depend
/// on the shape alone.
struct FormulaPieces: Sendable {
  /// Values of each parameter.
  let values: Int
  /// After how many values the parameters repeat: 1, or the channels where these lie innermost.
  let period: Int
  /// How often constants and parameters are laid out: once a channel where each piece is of one channel.
  let sharedCopies: Int
  /// Tiles of pieces, for threads.
  let tiles: Tiling
  /// Tiles of values: the pieces.
  private let cuts: Tiling

  init(spec: TensorSpec, sharing: FormulaActivation.Sharing) {
    let count = spec.shape.count
    let channels = sharing == .channel ? spec.shape[1] : 1
    let positions = sharing == .channel ? spec.shape.extents.dropFirst(2).reduce(1, *) : 1
    values = channels
    if channels == 1 || positions == 1 || spec.layout == .channelsLast {
      period = max(1, channels)
      sharedCopies = 1
      // Few enough that the sums of one piece each stay small beside the tensor.
      let largest = max(WorkerPool.elementsPerTile, (count + 63) / 64)
      cuts = Tiling(count, by: period == 1 ? WorkerPool.elementsPerTile : largest)
      tiles = Tiling(cuts.tiles, by: 1)
    } else {
      period = 1
      sharedCopies = channels
      cuts = Tiling(count, by: positions)
      tiles = Tiling(cuts.tiles, by: WorkerPool.elementsPerTile / max(1, positions))
    }
  }

  var count: Int { cuts.tiles }

  func range(_ piece: Int) -> Range<Int> { cuts[piece] }

  /// Which of the shared copies a piece reads.
  func sharedCopy(_ piece: Int) -> Int { piece % sharedCopies }

  /// Adds up the pieces' sums of one parameter, in their order. `partials` are [pieces, size] of which this parameter
  /// has the first `period`.
  func reduce(_ partials: UnsafePointer<Float>, size: Int, to gradient: UnsafeMutablePointer<Float>) {
    for value in 0..<values {
      // Where a piece has one channel, every `values`-th piece is of this one.
      let (first, step, place) = period == values ? (0, 1, value) : (value, values, 0)
      var total = 0.0
      for piece in stride(from: first, to: count, by: step) { total += Double(partials[piece * size + place]) }
      gradient[value] = Float(total)
    }
  }
}
