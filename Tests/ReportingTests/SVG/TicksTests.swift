import Reporting
import Testing

@Suite struct TicksTests {
  @Test(
    arguments: [
      (0.0, 1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], nil),
      (0.53, 1.87, ["1.0", "1.5"], nil),
      (-3, 4, ["-2", "0", "2", "4"], nil), (0, 150, ["0", "50", "100", "150"], nil),
      (0, 0.001, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], "×10⁻³"),
      (0, 2.1e6, ["0.0", "0.5", "1.0", "1.5", "2.0"], "×10⁶"), (0, 12, ["0", "2", "4", "6", "8", "10", "12"], nil),
      (1, 1, ["1"], nil), (0.101, 0.102, ["0.1010", "0.1012", "0.1014", "0.1016", "0.1018", "0.1020"], nil),
    ] as [(Double, Double, [String], String?)])
  func marksAreOneTwoOrFive(lower: Double, upper: Double, labels: [String], factor: String?) {
    let ticks = Ticks(from: lower, to: upper, count: 6)
    #expect(ticks.labels == labels)
    #expect(ticks.factor == factor)
    #expect(ticks.values.allSatisfy { $0 >= lower - 1e-9 * abs(lower) && $0 <= upper + 1e-9 * abs(upper) })
  }

  @Test func sharesAreWrittenAsPercent() {
    #expect(Ticks(from: 0.1, to: 0.62, count: 6, percent: true).labels == ["10%", "20%", "30%", "40%", "50%", "60%"])
    #expect(Ticks(from: 0.5, to: 0.505, count: 6, percent: true).labels.first == "50.0%")
  }

  @Test(arguments: [(1, ["1"]), (2, ["1", "2"]), (4, ["1", "2", "3", "4"]), (150, ["50", "100", "150"])])
  func epochsAreWhole(count: Int, labels: [String]) {
    #expect(Ticks(from: 1, to: Double(count), count: 6, wholeNumbers: true).labels == labels)
  }
}
