import Spec
import Testing

@Suite("laying sequences side by side") struct AlignmentTests {
  private func align(_ a: String, _ b: String) -> SequenceAlignment {
    SequenceAlignment(Array(a), Array(b), signature: { String($0) }, cost: { $0 == $1 ? 0 : nil })
  }

  /// Rows as text: `a` kept, `-a` gone, `+a` new.
  private func shown(_ a: String, _ b: String) -> String {
    let (x, y) = (Array(a), Array(b))
    return align(a, b).rows.map { row in
      switch (row.a, row.b) {
      case (let i?, nil): "-\(x[i])"
      case (nil, let j?): "+\(y[j])"
      case (let i?, _): "\(x[i])"
      default: "?"
      }
    }.joined(separator: " ")
  }

  @Test(
    "what is equal stands in one row",
    arguments: [
      ("abc", "abc", "a b c"), ("abc", "axbc", "a +x b c"), ("abc", "ac", "a -b c"), ("", "ab", "+a +b"),
      ("abc", "xyz", "-a -b -c +x +y +z"), ("abcabc", "abcabcabc", "a b c a b c +a +b +c"),
    ])
  func rows(a: String, b: String, expected: String) {
    #expect(shown(a, b) == expected)
  }

  @Test("either order of the sequences gives the same pairs", arguments: 0..<200)
  func symmetry(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let words = (0..<2).map { _ in
      String((0..<random.below(12)).map { _ in "abcd".randomElement(using: &random) ?? "a" })
    }
    let forth = align(words[0], words[1])
    let back = align(words[1], words[0])
    #expect(forth.cost == back.cost)
    let pairs = forth.rows.filter { $0.a != nil && $0.b != nil }
    let mirrored = back.rows.filter { $0.a != nil && $0.b != nil }
    #expect(pairs.map { [$0.a, $0.b] } == mirrored.map { [$0.b, $0.a] }, "\(words)")
    #expect(forth.rows.compactMap(\.a) == Array(0..<words[0].count), "every element has its row")
    #expect(forth.rows.compactMap(\.b) == Array(0..<words[1].count))
  }

  @Test("long sequences without anything in common are cut rather than compared whole")
  func long() {
    let (a, b) = (Array(0..<6000), Array(10_000..<16_000))
    let alignment = SequenceAlignment(a, b, signature: { String($0) }, cost: { $0 == $1 ? 0 : nil })
    #expect(alignment.rows.count == 12_000)
  }

  @Test("as few names move as can")
  func moves() {
    #expect(movedNames(["a", "b", "c"], ["a", "b", "c"]).isEmpty)
    #expect(movedNames(["a", "b", "c", "d"], ["d", "a", "b", "c"]).map(\.0) == [3])
    #expect(movedNames(["a", "x", "b"], ["b", "y", "a"]).count == 1)
  }
}

/// S. Vigna's splitmix64: random edits that are the same in every run.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
