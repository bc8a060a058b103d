/// The candidate that was most likely meant by `word`, or nil where none is near.
///
/// Nearness is the Damerau–Levenshtein distance in its restricted form (F. J. Damerau, "A technique for computer
/// detection and correction of spelling errors", CACM 7(3), 1964; V. I. Levenshtein, 1966): insertions, deletions,
/// substitutions and swaps of neighbours, each at cost 1, without regard to case. At most a third of the longer word
/// may differ. A candidate that begins with `word`, or that `word` begins with, is preferred and may be any length.
public func nearest(_ word: String, in candidates: some Sequence<String>) -> String? {
  let wanted = Array(word.lowercased().unicodeScalars)
  // Nobody mistypes a name of this length, and the table below grows with the product of both lengths.
  guard !wanted.isEmpty, wanted.count <= 100 else { return nil }
  var best: (candidate: String, rank: (Int, Int))?
  // Among more names the likeliest is a matter of chance, and a file full of mistakes would take minutes.
  for candidate in candidates.prefix(200) {
    let other = Array(candidate.lowercased().unicodeScalars)
    guard !other.isEmpty, other.count <= 100 else { continue }
    let longer = max(wanted.count, other.count)
    let shorter = min(wanted.count, other.count)
    let isPrefix = shorter >= 3 && wanted.prefix(shorter).elementsEqual(other.prefix(shorter))
    let limit = max(1, longer / 3)
    guard isPrefix || longer - shorter <= limit else { continue }
    let distance = editDistance(wanted, other)
    guard isPrefix || (distance <= limit && distance < longer) else { continue }
    let rank = (distance == 0 ? 0 : isPrefix ? 1 : 2, distance)
    if best.map({ rank < $0.rank }) ?? true { best = (candidate, rank) }
  }
  return best?.candidate
}

/// The restricted Damerau–Levenshtein distance ("optimal string alignment"): no stretch is edited twice.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforePrevious = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var current = [i + 1]
    current.reserveCapacity(b.count + 1)
    for (j, y) in b.enumerated() {
      var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (x == y ? 0 : 1))
      if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, beforePrevious[j - 1] + 1) }
      current.append(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
