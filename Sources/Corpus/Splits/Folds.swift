/// scikit-learn's cross-validation draws: the fold in which each clip is tested.
package enum Folds {
  /// `KFold(n_splits: folds, shuffle: true, random_state: seed)`.
  package static func plain(count: Int, folds: Int, seed: UInt32) -> [Int] {
    var random = LegacyRandomState(seed: seed)
    let order = random.permutation(count)
    return numbered(order.count, folds).enumerated().reduce(into: Array(repeating: 0, count: count)) {
      $0[order[$1.offset]] = $1.element
    }
  }

  /// `StratifiedKFold(n_splits: folds, shuffle: true, random_state: seed)`.
  package static func stratified(labels: [String], folds: Int, seed: UInt32) -> [Int] {
    var random = LegacyRandomState(seed: seed)
    // scikit-learn numbers the classes as they first appear.
    let classes = indicesByClass(labels).map(\.indices).sorted { $0[0] < $1[0] }
    var result = Array(repeating: 0, count: labels.count)
    var position = 0
    for members in classes {
      // A round robin over the sorted labels: how many of this class fall to each fold.
      var counts = Array(repeating: 0, count: folds)
      for offset in members.indices { counts[(position + offset) % folds] += 1 }
      position += members.count
      var dealt = counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
      random.shuffle(&dealt)
      for (member, fold) in zip(members, dealt) { result[member] = fold }
    }
    return result
  }

  /// `GroupKFold(n_splits: folds, shuffle: true, random_state: seed)`: the fold of each group, the groups being sorted.
  package static func grouped(groups: Int, folds: Int, seed: UInt32) -> [Int] {
    var random = LegacyRandomState(seed: seed)
    let order = random.permutation(groups)
    return numbered(groups, folds).enumerated().reduce(into: Array(repeating: 0, count: groups)) {
      $0[order[$1.offset]] = $1.element
    }
  }

  /// `StratifiedGroupKFold(n_splits: folds, shuffle: true, random_state: seed)`: the fold of each group.
  ///
  /// - Parameter classCounts: how many clips of each class each group has; groups and classes sorted.
  package static func stratifiedGrouped(classCounts: [[Int]], folds: Int, seed: UInt32) -> [Int] {
    var random = LegacyRandomState(seed: seed)
    let order = random.permutation(classCounts.count)
    let counts = order.map { classCounts[$0].map(Double.init) }
    let spread = counts.map(standardDeviation)
    let sorted = counts.indices.sorted { (-spread[$0], $0) < (-spread[$1], $1) }
    let classes = classCounts.first?.count ?? 0
    let totals = (0..<classes).map { label in counts.reduce(0) { $0 + $1[label] } }
    var held = Array(repeating: Array(repeating: 0.0, count: classes), count: folds)
    var result = Array(repeating: 0, count: counts.count)
    for group in sorted {
      let fold = bestFold(for: counts[group], held: held, totals: totals)
      for label in 0..<classes { held[fold][label] += counts[group][label] }
      result[order[group]] = fold
    }
    return result
  }

  /// The fold that evens out the classes' shares most; of folds as good as equal, the one with the fewest clips.
  private static func bestFold(for group: [Double], held: [[Double]], totals: [Double]) -> Int {
    var best = 0
    var least = Double.infinity
    var fewest = Double.infinity
    for fold in held.indices {
      let spreads = totals.indices.map { label -> Double in
        let shares = held.indices.map { (held[$0][label] + ($0 == fold ? group[label] : 0)) / totals[label] }
        let mean = shares.reduce(0, +) / Double(shares.count)
        let squares = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(shares.count)).squareRoot()
      }
      let value = pairwiseSum(spreads[...]) / Double(spreads.count)
      let clips = held[fold].reduce(0, +)
      // numpy.isclose
      let isClose = least.isFinite && abs(value - least) <= 1e-8 + 1e-5 * abs(least)
      if value < least || (isClose && clips < fewest) {
        least = value
        fewest = clips
        best = fold
      }
    }
    return best
  }

  /// The fold of each place of a shuffled list: the first ones get one more where the folds are not equal.
  private static func numbered(_ count: Int, _ folds: Int) -> [Int] {
    (0..<folds).flatMap { Array(repeating: $0, count: count / folds + ($0 < count % folds ? 1 : 0)) }
  }
}

/// numpy.std of a row: its sums are pairwise, and its rounding decides the order of groups that are nearly alike.
private func standardDeviation(_ row: [Double]) -> Double {
  let mean = pairwiseSum(row[...]) / Double(row.count)
  return (pairwiseSum(row.map { ($0 - mean) * ($0 - mean) }[...]) / Double(row.count)).squareRoot()
}

/// The sum of contiguous numbers in NumPy's order: eight running sums for up to 128 numbers, halves above that.
private func pairwiseSum(_ numbers: ArraySlice<Double>) -> Double {
  let count = numbers.count
  let first = numbers.startIndex
  if count < 8 { return numbers.reduce(0, +) }
  if count <= 128 {
    var sums = Array(numbers.prefix(8))
    let whole = count - count % 8
    for block in stride(from: 8, to: whole, by: 8) {
      for lane in 0..<8 { sums[lane] += numbers[first + block + lane] }
    }
    let total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    return numbers[(first + whole)...].reduce(total, +)
  }
  let half = count / 2 - (count / 2) % 8
  return pairwiseSum(numbers.prefix(half)) + pairwiseSum(numbers.dropFirst(half))
}
