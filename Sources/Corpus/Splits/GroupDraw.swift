/// Deals whole groups of clips to sets so that the sets come near their sizes, each with the corpus's share of every class.
///
/// 1. The groups are put in random order (`LegacyRandomState(seed).permutation`).
/// 2. The sets but the last are filled in turn: a set takes the next group while that brings its size nearer to the one
///    wanted, and at least one. The last set takes the rest.
/// 3. As long as it lowers the misfit, a group moves to another set or two groups of different sets change places, tried in
///    the order of step 1; no set is left without a group.
///
/// The misfit is the sum over sets s and classes c of (a_sc - t_sc)^2 / t_s: a clips there are, t clips there should be, with
/// t_sc = t_s * n_c / n. Groups of equal make-up change nothing, so that in a balanced corpus the draw of step 1 decides.
package struct GroupDraw {
  /// How many clips of each class each group has.
  let classCounts: [[Int]]
  /// How many clips each set should have.
  let sizes: [Int]
  let seed: UInt32

  package init(classCounts: [[Int]], sizes: [Int], seed: UInt32) {
    self.classCounts = classCounts
    self.sizes = sizes
    self.seed = seed
  }

  /// No pass of step 3 lowers the misfit for ever, but large corpora may need many for little.
  private static let mostPasses = 20

  /// The set of each group. There must be at least as many groups as sets.
  package func sets() -> [Int] {
    var random = LegacyRandomState(seed: seed)
    let order = random.permutation(classCounts.count)
    var sets = fill(order)
    var misfit = Misfit(classCounts: classCounts, sizes: sizes, sets: sets)
    for _ in 0..<Self.mostPasses where improve(&sets, &misfit, order) {}
    return sets
  }

  private func fill(_ order: [Int]) -> [Int] {
    var sets = Array(repeating: sizes.count - 1, count: classCounts.count)
    var next = 0
    for set in 0..<sizes.count - 1 {
      var count = 0
      var taken = 0
      // Each later set must find a group, too.
      while order.count - next > sizes.count - 1 - set {
        let size = classCounts[order[next]].reduce(0, +)
        if taken > 0, abs(count + size - sizes[set]) >= abs(count - sizes[set]) { break }
        sets[order[next]] = set
        count += size
        taken += 1
        next += 1
      }
    }
    return sets
  }

  /// One pass over all moves and exchanges; false where none helped.
  private func improve(_ sets: inout [Int], _ misfit: inout Misfit, _ order: [Int]) -> Bool {
    var hasImproved = false
    for (place, group) in order.enumerated() {
      for set in sizes.indices where set != sets[group] && misfit.groups[sets[group]] > 1 {
        if misfit.tryMove(group, from: sets[group], to: set) {
          sets[group] = set
          hasImproved = true
        }
      }
      for other in order[(place + 1)...] where sets[other] != sets[group] {
        if misfit.tryExchange(group, of: sets[group], with: other, of: sets[other]) {
          sets.swapAt(group, other)
          hasImproved = true
        }
      }
    }
    return hasImproved
  }
}

/// How far sets are from what they should hold.
private struct Misfit {
  private let classCounts: [[Int]]
  private let targets: [[Double]]
  private let sizes: [Double]
  private var held: [[Int]]
  private(set) var groups: [Int]

  init(classCounts: [[Int]], sizes: [Int], sets: [Int]) {
    self.classCounts = classCounts
    self.sizes = sizes.map { Double(max($0, 1)) }
    let classes = classCounts.first?.count ?? 0
    let totals = (0..<classes).map { label in classCounts.reduce(0) { $0 + $1[label] } }
    let total = Double(max(totals.reduce(0, +), 1))
    targets = sizes.map { size in totals.map { Double(size) * Double($0) / total } }
    held = Array(repeating: Array(repeating: 0, count: classes), count: sizes.count)
    groups = Array(repeating: 0, count: sizes.count)
    for (group, set) in sets.enumerated() {
      groups[set] += 1
      for label in 0..<classes { held[set][label] += classCounts[group][label] }
    }
  }

  /// Moves a group if that lowers the misfit.
  mutating func tryMove(_ group: Int, from source: Int, to target: Int) -> Bool {
    guard change(classCounts[group], nil, source, target) else { return false }
    groups[source] -= 1
    groups[target] += 1
    return true
  }

  /// Exchanges two groups of different sets if that lowers the misfit.
  mutating func tryExchange(_ group: Int, of source: Int, with other: Int, of target: Int) -> Bool {
    change(classCounts[group], classCounts[other], source, target)
  }

  private mutating func change(_ out: [Int], _ back: [Int]?, _ source: Int, _ target: Int) -> Bool {
    var gain = 0.0
    for label in out.indices {
      let moved = Double(out[label] - (back?[label] ?? 0))
      let excess = Double(held[source][label]) - targets[source][label]
      let lack = Double(held[target][label]) - targets[target][label]
      // (e - m)^2 - e^2 and (l + m)^2 - l^2
      gain += moved * (moved - 2 * excess) / sizes[source] + moved * (moved + 2 * lack) / sizes[target]
    }
    // Rounding must not turn an exchange of like groups into an endless one.
    guard gain < -1e-9 else { return false }
    for label in out.indices {
      let moved = out[label] - (back?[label] ?? 0)
      held[source][label] -= moved
      held[target][label] += moved
    }
    return true
  }
}
