import Planning
import Testing

@Suite struct RecentlyUsedTests {
  @Test func theOneNotAskedForTheLongestGoes() {
    var kept = RecentlyUsed<String, Int>(limit: 10)
    for (index, key) in ["a", "b", "c"].enumerated() { kept.keep(index, for: key, weight: 3) }
    #expect(kept.value(for: "a") == 0)
    kept.keep(3, for: "d", weight: 3)
    #expect(kept.value(for: "b") == nil && kept.count == 3)
    #expect(["a", "c", "d"].map { kept.value(for: $0) } == [0, 2, 3])
  }

  @Test func aSingleOneMayWeighMore() {
    var kept = RecentlyUsed<Int, Int>(limit: 10)
    kept.keep(1, for: 1, weight: 5)
    kept.keep(2, for: 2, weight: 50)
    #expect(kept.value(for: 1) == nil && kept.value(for: 2) == 2)
    kept.keep(3, for: 3, weight: 5)
    #expect(kept.value(for: 2) == nil && kept.value(for: 3) == 3)
  }

  @Test func anotherValueTakesTheOldOnesPlace() {
    var kept = RecentlyUsed<Int, Int>(limit: 10)
    for value in 0..<20 { kept.keep(value, for: 1, weight: 6) }
    kept.keep(0, for: 2, weight: 4)
    #expect(kept.value(for: 1) == 19 && kept.count == 2)
  }
}
