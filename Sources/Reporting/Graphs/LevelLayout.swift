/// Places boxes on ranks from top to bottom so that each lies below what feeds it: Sugiyama, Tagawa, Toda 1981, "Methods
/// for visual understanding of hierarchical system structures". Everything is decided by shapes and order alone, so
/// that equal graphs give equal pictures.
struct LevelLayout {
  struct Box {
    var width: Double
    var height: Double
    /// Where lines enter at the top and leave at the bottom, from the left edge.
    var entry: Double
    var exit: Double
  }

  struct Edge {
    let from: Int
    let to: Int
  }

  static let rankGap = 26.0
  static let boxGap = 34.0
  /// The room of a line that passes a rank.
  static let lineGap = 22.0

  /// The left edge and rank of each box, then of each place where a line passes a rank.
  private(set) var x: [Double] = []
  private(set) var rank: [Int] = []
  /// For each edge, the places that it passes, from top to bottom.
  private(set) var passages: [[Int]] = []
  /// The boxes and passages of each rank, from left to right.
  private(set) var ranks: [[Int]] = []
  private var boxes: [Box]
  private let count: Int
  private let edges: [Edge]
  /// Edges between neighbouring ranks.
  private var links: [Edge] = []

  /// - Parameter floating: boxes that stand directly above what they feed rather than at the top.
  init(_ boxes: [Box], _ edges: [Edge], floating: Set<Int>) {
    self.boxes = boxes
    self.edges = edges
    count = boxes.count
    assignRanks(floating)
    addPassages()
    order()
    placeAcross()
    straighten()
  }

  /// The extent of a box or passage.
  func box(_ index: Int) -> Box { boxes[index] }

  private func isPassage(_ index: Int) -> Bool { index >= count }

  private mutating func assignRanks(_ floating: Set<Int>) {
    rank = Array(repeating: 0, count: count)
    // A pass settles at least one more box of every chain.
    for _ in 0..<count {
      var isSettled = true
      for edge in edges where rank[edge.to] <= rank[edge.from] {
        rank[edge.to] = rank[edge.from] + 1
        isSettled = false
      }
      if isSettled { break }
    }
    for index in floating {
      if let next = edges.filter({ $0.from == index }).map({ rank[$0.to] }).min() { rank[index] = next - 1 }
    }
  }

  private mutating func addPassages() {
    for edge in edges {
      var last = edge.from
      var passed: [Int] = []
      for level in stride(from: rank[edge.from] + 1, to: rank[edge.to], by: 1) {
        boxes.append(Box(width: 8, height: 0, entry: 4, exit: 4))
        rank.append(level)
        links.append(Edge(from: last, to: boxes.count - 1))
        last = boxes.count - 1
        passed.append(last)
      }
      links.append(Edge(from: last, to: edge.to))
      passages.append(passed)
    }
    ranks = Array(repeating: [], count: (rank.max() ?? 0) + 1)
    for index in boxes.indices { ranks[rank[index]].append(index) }
  }

  /// Sorts each rank by the mean place of its neighbours, and keeps the order with the fewest crossings.
  private mutating func order() {
    var best = (crossings: crossings(), ranks: ranks)
    for sweep in 0..<12 where best.crossings > 0 {
      let isDown = sweep % 2 == 0
      for level in isDown ? Array(ranks.indices) : ranks.indices.reversed() {
        let places = placesInRank()
        let weights = ranks[level].map { index -> Double in
          let near = links.compactMap { link in
            isDown ? (link.to == index ? link.from : nil) : (link.from == index ? link.to : nil)
          }
          if near.isEmpty { return Double(places[index]) }
          return near.reduce(0) { $0 + Double(places[$1]) } / Double(near.count)
        }
        let sorted = ranks[level].indices.sorted { (weights[$0], $0) < (weights[$1], $1) }
        ranks[level] = sorted.map { ranks[level][$0] }
      }
      let found = crossings()
      if found < best.crossings { best = (found, ranks) }
    }
    ranks = best.ranks
  }

  private func placesInRank() -> [Int] {
    var places = Array(repeating: 0, count: boxes.count)
    for items in ranks { for (place, index) in items.enumerated() { places[index] = place } }
    return places
  }

  private func crossings() -> Int {
    let places = placesInRank()
    var total = 0
    for (index, a) in links.enumerated() {
      for b in links[(index + 1)...] where rank[a.from] == rank[b.from] {
        if (places[a.from] - places[b.from]) * (places[a.to] - places[b.to]) < 0 { total += 1 }
      }
    }
    return total
  }

  /// Moves each box as near to below and above its neighbours as the order of its rank allows.
  private mutating func placeAcross() {
    x = Array(repeating: 0, count: boxes.count)
    for items in ranks { settle(items, wanted: items.map { _ in 0 }) }
    for sweep in 0..<16 {
      let isDown = sweep % 2 == 0
      for items in isDown ? ranks : ranks.reversed() { settle(items, wanted: items.map { wanted($0, isDown: isDown) }) }
    }
    let left = boxes.indices.map { x[$0] }.min() ?? 0
    for index in boxes.indices { x[index] -= left }
  }

  /// Where a box would lie straight below the boxes that feed it, or above those that it feeds.
  private func wanted(_ index: Int, isDown: Bool) -> Double {
    let others = links.compactMap { link in
      isDown ? (link.to == index ? link.from : nil) : (link.from == index ? link.to : nil)
    }
    // Boxes stand straight above each other; lines that pass them give way.
    let firm = isPassage(index) ? others : others.filter { !isPassage($0) }
    let targets = (firm.isEmpty ? others : firm).map { other in
      isDown ? x[other] + boxes[other].exit - boxes[index].entry : x[other] + boxes[other].entry - boxes[index].exit
    }
    return targets.isEmpty ? x[index] : targets.reduce(0, +) / Double(targets.count)
  }

  /// The places nearest to the wanted ones that keep order and gaps: isotonic regression by pooling adjacent violators
  /// (Ayer et al. 1955).
  private mutating func settle(_ items: [Int], wanted: [Double]) {
    var offset = 0.0
    var offsets: [Double] = []
    for (place, index) in items.enumerated() {
      if place > 0 {
        let before = items[place - 1]
        let gap = isPassage(index) || isPassage(before) ? Self.lineGap : Self.boxGap
        offset += boxes[before].width + gap
      }
      offsets.append(offset)
    }
    var pools: [(sum: Double, weight: Double, count: Int)] = []
    for (place, index) in items.enumerated() {
      let weight = isPassage(index) ? 0.002 : 1.0
      pools.append((wanted[place] * weight - offsets[place] * weight, weight, 1))
      while pools.count > 1, let last = pools.last,
        pools[pools.count - 2].sum / pools[pools.count - 2].weight > last.sum / last.weight
      {
        pools.removeLast()
        let first = pools.removeLast()
        pools.append((first.sum + last.sum, first.weight + last.weight, first.count + last.count))
      }
    }
    var place = 0
    for pool in pools {
      for _ in 0..<pool.count {
        x[items[place]] = pool.sum / pool.weight + offsets[place]
        place += 1
      }
    }
  }

  /// A line that passes ranks at their right or left end runs straight beside the widest of them.
  private mutating func straighten() {
    for passed in passages where passed.count > 1 {
      if passed.allSatisfy({ ranks[rank[$0]].last == $0 }), let right = passed.map({ x[$0] }).max() {
        for index in passed { x[index] = right }
      } else if passed.allSatisfy({ ranks[rank[$0]].first == $0 }), let left = passed.map({ x[$0] }).min() {
        for index in passed { x[index] = left }
      }
    }
    let least = x.min() ?? 0
    for index in boxes.indices { x[index] -= least }
  }

  /// The room below a rank: more where lines run far to the side.
  func gap(below level: Int) -> Double {
    let slant =
      links.filter { rank[$0.from] == level }.map { link in
        abs(x[link.from] + boxes[link.from].exit - x[link.to] - boxes[link.to].entry)
      }.max() ?? 0
    return Self.rankGap + min(26, slant / 8)
  }

  /// Whether the ranks behind `level` hang together with those up to it by one line between boxes alone.
  func canCut(behind level: Int) -> Bool {
    let crossing = links.filter { rank[$0.from] == level }
    return crossing.count == 1 && !isPassage(crossing[0].from) && !isPassage(crossing[0].to)
  }
}
