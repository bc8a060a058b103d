/// Passes over many values that training needs between gradient and step.
extension WorkerPool {
  /// `target += share * (source - target)`: a step of a running mean.
  public func approach(
    _ count: Int, share: Float, from source: UnsafePointer<Float>, target: UnsafeMutablePointer<Float>
  ) {
    elements(count) { range in
      Kernels.table.approach(range.count, share, source + range.lowerBound, target + range.lowerBound)
    }
  }

  /// `target = factor * source`, or that added to it.
  public func scale(
    _ count: Int, by factor: Float, from source: UnsafePointer<Float>, target: UnsafeMutablePointer<Float>,
    adding: Bool
  ) {
    elements(count) { range in
      let at = range.lowerBound
      if !adding { (target + at).update(repeating: 0, count: range.count) }
      Kernels.table.axpy(range.count, factor, source + at, target + at)
    }
  }

  /// Brings every value into -`limit`...`limit`.
  public func clamp(_ count: Int, to limit: Float, _ values: UnsafeMutablePointer<Float>) {
    elements(count) { range in Kernels.table.clamp(range.count, limit, values + range.lowerBound) }
  }

  /// The sum of squares, in double precision and in an order that does not depend on the threads.
  public func squareSum(_ count: Int, _ values: UnsafePointer<Float>) -> Double {
    let tiling = Tiling(count, by: Self.elementsPerTile)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, tiling.tiles)) { parts in
      guard let parts = parts.baseAddress else { return 0 }
      run(tiles: tiling.tiles) { tile, _ in
        let range = tiling[tile]
        parts[tile] = Kernels.table.square_sum(range.count, values + range.lowerBound)
      }
      return (0..<tiling.tiles).reduce(0) { $0 + parts[$1] }
    }
  }
}
