/// Lays two sequences side by side so that what belongs together stands in one row.
///
/// The alignment of least cost by dynamic programming (S. B. Needleman and C. D. Wunsch, "A general method applicable to
/// the search for similarities in the amino acid sequence of two proteins", J. Mol. Biol. 48, 1970). Of several
/// alignments of one cost the same is found whichever sequence comes first.
package struct SequenceAlignment {
  /// A row: an element of either sequence, or of both.
  package struct Row: Equatable {
    package let a: Int?
    package let b: Int?
  }

  /// In order; between two rows of both sequences those of the first alone come before those of the second.
  package let rows: [Row]
  /// The sum of all costs.
  package let cost: Int

  /// What an element costs that stands alone; pairs cost less than two of these, or are not made.
  package static let gap = 60
  /// Larger tables than this are cut in two.
  private static let cells = 4_000_000

  /// - Parameters:
  ///   - signature: a text that tells elements apart; it decides nothing but the order in which ties are broken.
  ///   - cost: what a pair costs: 0 for equal elements, nil where they cannot be paired. Symmetric.
  package init<Element>(
    _ a: [Element], _ b: [Element], signature: (Element) -> String, cost: (Element, Element) -> Int?
  ) {
    let isSwapped = b.map(signature).lexicographicallyPrecedes(a.map(signature))
    let (first, second) = isSwapped ? (b, a) : (a, b)
    var pairs: [(Int, Int)] = []
    var total = 0
    Self.align(first[...], second[...], cost, &pairs, &total)
    let found = isSwapped ? pairs.map { ($1, $0) } : pairs
    rows = Self.rows(found, a.count, b.count)
    self.cost = total
  }

  private static func align<Element>(
    _ a: ArraySlice<Element>, _ b: ArraySlice<Element>, _ cost: (Element, Element) -> Int?, _ pairs: inout [(Int, Int)],
    _ total: inout Int
  ) {
    var (a, b) = (a, b)
    while let x = a.first, let y = b.first, cost(x, y) == 0 {
      pairs.append((a.startIndex, b.startIndex))
      a = a.dropFirst()
      b = b.dropFirst()
    }
    var ends: [(Int, Int)] = []
    while let x = a.last, let y = b.last, cost(x, y) == 0 {
      ends.append((a.endIndex - 1, b.endIndex - 1))
      a = a.dropLast()
      b = b.dropLast()
    }
    if a.isEmpty || b.isEmpty {
      total += (a.count + b.count) * gap
    } else if (a.count + 1) * (b.count + 1) <= cells {
      fill(a, b, cost, &pairs, &total)
    } else {
      let (middleA, middleB) = (a.startIndex + a.count / 2, b.startIndex + b.count / 2)
      align(a[..<middleA], b[..<middleB], cost, &pairs, &total)
      align(a[middleA...], b[middleB...], cost, &pairs, &total)
    }
    pairs += ends.reversed()
  }

  private static func fill<Element>(
    _ a: ArraySlice<Element>, _ b: ArraySlice<Element>, _ cost: (Element, Element) -> Int?, _ pairs: inout [(Int, Int)],
    _ total: inout Int
  ) {
    let width = b.count + 1
    var table = [Int](repeating: 0, count: (a.count + 1) * width)
    var moves = [UInt8](repeating: 0, count: table.count)
    for j in 1..<width { (table[j], moves[j]) = (j * gap, 2) }
    for (i, x) in a.enumerated() {
      let row = (i + 1) * width
      (table[row], moves[row]) = ((i + 1) * gap, 1)
      for (j, y) in b.enumerated() {
        let cell = row + j + 1
        var best = table[cell - width] + gap
        var move: UInt8 = 1
        if table[cell - 1] + gap < best { (best, move) = (table[cell - 1] + gap, 2) }
        if let pair = cost(x, y), table[cell - width - 1] + pair <= best {
          (best, move) = (table[cell - width - 1] + pair, 0)
        }
        (table[cell], moves[cell]) = (best, move)
      }
    }
    total += table[table.count - 1]
    var found: [(Int, Int)] = []
    var (i, j) = (a.count, b.count)
    while i > 0, j > 0 {
      switch moves[i * width + j] {
      case 0:
        (i, j) = (i - 1, j - 1)
        found.append((a.startIndex + i, b.startIndex + j))
      case 1: i -= 1
      default: j -= 1
      }
    }
    pairs += found.reversed()
  }

  private static func rows(_ pairs: [(Int, Int)], _ countA: Int, _ countB: Int) -> [Row] {
    var rows: [Row] = []
    var (i, j) = (0, 0)
    for (a, b) in pairs + [(countA, countB)] {
      rows += (i..<a).map { Row(a: $0, b: nil) } + (j..<b).map { Row(a: nil, b: $0) }
      if a < countA { rows.append(Row(a: a, b: b)) }
      (i, j) = (a + 1, b + 1)
    }
    return rows
  }
}
