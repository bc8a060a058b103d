import Foundation

/// Puts the boxes of one level where its layout says, in one or more columns, and draws the lines between them.
struct LevelAssembly {
  private(set) var piece = GraphPiece(width: 0, height: 0, entry: 0, exit: 0)

  private let level: LevelLayout
  private let pieces: [GraphPiece]
  private let heights: [Double]
  /// The room below each rank.
  private let gaps: [Double]
  /// The column of each rank.
  private var column: [Int] = []
  private var left: [Double] = []
  private var top: [Double] = []
  private var shift: [Double] = []

  init(level: LevelLayout, pieces: [GraphPiece], wiring: LevelWiring, firstPort: Int) {
    self.level = level
    self.pieces = pieces
    heights = level.ranks.map { items in items.map { level.box($0).height }.max() ?? 0 }
    gaps = level.ranks.indices.map { level.gap(below: $0) }
    breakIntoColumns()
    place()
    for (index, part) in pieces.enumerated() {
      let corner = self.corner(index)
      if index >= firstPort { piece.dots.append(.init(x: corner.x + part.entry, y: corner.y + 4)) }
      piece.add(part, x: corner.x, y: corner.y)
    }
    for index in wiring.edges.indices { piece.routes.append(route(index, wiring.edges)) }
    setPorts()
  }

  private func corner(_ index: Int) -> GraphPiece.Point {
    let rank = level.rank[index]
    return .init(x: level.x[index] + shift[column[rank]], y: top[rank])
  }

  /// Pieces of ranks that hang together by one line go into columns of nearly equal height.
  private mutating func breakIntoColumns() {
    let gap = LevelLayout.rankGap
    var sections: [(ranks: Range<Int>, height: Double)] = []
    var start = 0
    for rank in heights.indices where rank == heights.count - 1 || level.canCut(behind: rank) {
      let height = heights[start...rank].reduce(0, +) + gaps[start..<rank].reduce(0, +)
      sections.append((start..<rank + 1, height))
      start = rank + 1
    }
    let total = sections.reduce(0) { $0 + $1.height + gap }
    let width = pieces.indices.map { level.x[$0] + pieces[$0].width }.max() ?? 0
    let limit = max(GraphLayout.columnHeight, 1.1 * (total * width).squareRoot())
    let columns = total > limit * 1.25 ? Int((total / limit).rounded(.up)) : 1
    let bound = lowestBound(sections.map(\.height), columns: columns)
    var (current, used) = (0, 0.0)
    for section in sections {
      if used > 0, used + gap + section.height > bound {
        current += 1
        used = 0
      }
      used += (used > 0 ? gap : 0) + section.height
      column += section.ranks.map { _ in current }
    }
  }

  /// The least height that lets sections in their order fill no more than so many columns.
  private func lowestBound(_ heights: [Double], columns: Int) -> Double {
    var low = heights.max() ?? 0
    var high = heights.reduce(0) { $0 + $1 + LevelLayout.rankGap }
    if columns == 1 { return high }
    for _ in 0..<40 {
      let middle = (low + high) / 2
      var (needed, used) = (1, 0.0)
      for height in heights {
        if used > 0, used + LevelLayout.rankGap + height > middle {
          needed += 1
          used = 0
        }
        used += (used > 0 ? LevelLayout.rankGap : 0) + height
      }
      if needed <= columns { high = middle } else { low = middle }
    }
    return high
  }

  private mutating func place() {
    top = Array(repeating: 0, count: heights.count)
    var position = 0.0
    for number in 0...(column.last ?? 0) {
      let ranks = column.indices.filter { column[$0] == number }
      let members = ranks.flatMap { level.ranks[$0] }
      let low = members.map { level.x[$0] }.min() ?? 0
      let high = members.map { level.x[$0] + level.box($0).width }.max() ?? 0
      left.append(position)
      shift.append(position - low)
      position += high - low + GraphLayout.columnGap
      var y = 0.0
      for rank in ranks {
        top[rank] = y
        piece.height = max(piece.height, y + heights[rank])
        y += heights[rank] + gaps[rank]
      }
    }
    piece.width = position - GraphLayout.columnGap
  }

  private func route(_ index: Int, _ edges: [LevelLayout.Edge]) -> GraphPiece.Route {
    let edge = edges[index]
    let from = corner(edge.from)
    let to = corner(edge.to)
    let start = GraphPiece.Point(x: from.x + pieces[edge.from].exit, y: from.y + pieces[edge.from].height)
    // Lines that end at one box do so side by side, in the order of where they come from.
    let rivals = edges.indices.filter { edges[$0].to == edge.to }
      .sorted { (arrival($0, edges), $0) < (arrival($1, edges), $1) }
    // One that comes from straight above stays straight.
    let entry = to.x + pieces[edge.to].entry
    let middle = rivals.firstIndex { abs(arrival($0, edges) - entry) < 1 }.map(Double.init)
    let place = Double(rivals.firstIndex(of: index) ?? 0) - (middle ?? Double(rivals.count - 1) / 2)
    let spread = min(18, pieces[edge.to].width / Double(rivals.count + 1))
    let end = GraphPiece.Point(x: entry + place * spread, y: to.y)
    let columns = (column[level.rank[edge.from]], column[level.rank[edge.to]])
    if columns.0 != columns.1 {
      let gap = left[columns.1] - GraphLayout.columnGap / 2
      let bend = LevelLayout.rankGap / 2
      return .init(
        shape: .corners,
        points: [
          start, .init(x: start.x, y: start.y + bend), .init(x: gap, y: start.y + bend),
          .init(x: gap, y: end.y - bend), .init(x: end.x, y: end.y - bend), end,
        ])
    }
    // Past higher boxes beside it a line runs straight down.
    let rank = level.rank[edge.from]
    var points = [start, .init(x: start.x, y: top[rank] + heights[rank])]
    for passage in level.passages[index] {
      let place = corner(passage)
      let x = place.x + level.box(passage).entry
      points.append(.init(x: x, y: place.y))
      points.append(.init(x: x, y: place.y + heights[level.rank[passage]]))
    }
    return .init(shape: .curve, points: points + [end])
  }

  /// Where the line of an edge comes from just above its target.
  private func arrival(_ index: Int, _ edges: [LevelLayout.Edge]) -> Double {
    if let last = level.passages[index].last { return corner(last).x }
    return corner(edges[index].from).x + pieces[edges[index].from].exit
  }

  /// Lines from outside end where the first rank is entered, and start where the last is left.
  private mutating func setPorts() {
    let first = (level.ranks.first ?? []).filter { $0 < pieces.count }
    let last = (level.ranks.last ?? []).filter { $0 < pieces.count }
    if !first.isEmpty {
      piece.entry = first.reduce(0) { $0 + corner($1).x + pieces[$1].entry } / Double(first.count)
    }
    if !last.isEmpty { piece.exit = last.reduce(0) { $0 + corner($1).x + pieces[$1].exit } / Double(last.count) }
  }
}
