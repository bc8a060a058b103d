import Spec
import Testing
import Training

@Suite struct LearningRateScheduleTests {
  private func warmup(_ epochs: Int, from: Double = 0, line: Int = 1) -> Step {
    Steps.make(
      "linear_warmup", of: ScheduleCatalog.kinds, line: line, ["epochs": .integer(epochs), "from": .number(from)])
  }

  private func cosine(to: Double, epochs: Int? = nil, line: Int = 1) -> Step {
    Steps.make(
      "cosine", of: ScheduleCatalog.kinds, line: line,
      ["to": .number(to), "epochs": epochs.map { .integer($0) } ?? .none])
  }

  @Test func everyStepEqualsPyTorch() throws {
    let cases = try Fixture.rows("schedules.csv")
    #expect(cases.count == 4)
    for fields in cases {
      let numbers = try fields.map { try #require(Double($0)) }
      let schedule = LearningRateSchedule(
        steps: [warmup(Int(numbers[2])), cosine(to: numbers[4])], baseRate: numbers[3], stepsPerEpoch: Int(numbers[1]),
        epochs: Int(numbers[0]))
      #expect(schedule.totalSteps == numbers.count - 6)
      for (step, expected) in numbers.dropFirst(5).enumerated() {
        #expect(abs(schedule.rate(step) - expected) <= 1e-9 * numbers[3], "step \(step) of \(fields.prefix(5))")
      }
    }
  }

  @Test func withoutSchedulesTheRateIsConstant() {
    let schedule = LearningRateSchedule(steps: [], baseRate: 0.25, stepsPerEpoch: 4, epochs: 3)
    #expect([0, 5, 12, 100].map { schedule.rate($0) } == [0.25, 0.25, 0.25, 0.25])
  }

  @Test func afterTheEndTheFinalRateHolds() {
    let schedule = LearningRateSchedule(
      steps: [warmup(2), cosine(to: 0.125, epochs: 2)], baseRate: 1, stepsPerEpoch: 2, epochs: 10)
    #expect((0...4).map { schedule.rate($0) } == [0, 0.25, 0.5, 0.75, 1])
    #expect([8, 9, 20].map { schedule.rate($0) } == [0.125, 0.125, 0.125])
  }

  @Test func severalFollowEachOther() {
    let schedule = LearningRateSchedule(
      steps: [warmup(0), cosine(to: 0, epochs: 1), warmup(1, from: 0.5), cosine(to: 0)], baseRate: 1, stepsPerEpoch: 2,
      epochs: 4)
    let expected = [1, 0.5, 0.5, 0.75, 1, 0.8535533905932737, 0.5, 0.1464466094067262, 0]
    for (step, rate) in expected.enumerated() { #expect(abs(schedule.rate(step) - rate) < 1e-15) }
  }

  @Test func aWarmUpThatIsCutShortKeepsItsSlope() {
    let schedule = LearningRateSchedule(
      steps: [warmup(5), cosine(to: 0)], baseRate: 1, stepsPerEpoch: 1, epochs: 3)
    #expect((0..<3).map { schedule.rate($0) } == [0, 0.2, 0.4])
  }

  @Test(
    arguments: [
      (["warmup 5", "cosine"], 20, []), (["warmup 0", "cosine"], 1, []), ([], 1, []), (["cosine"], 1, []),
      (["warmup 5", "cosine"], 3, ["1 warning schedule.cut_short"]),
      (["warmup 5", "cosine"], 5, ["2 warning schedule.cut_short"]), (["warmup 5"], 5, []),
      (["cosine", "warmup 5"], 9, ["2 error schedule.unreachable"]),
      (["cosine 4", "cosine 7"], 9, ["2 warning schedule.cut_short"]),
      (["rising", "falling 1"], 9, ["1 warning schedule.backwards", "2 error schedule.unreachable"]),
      (["falling 2", "rising"], 9, ["1 warning schedule.backwards", "2 warning schedule.backwards"]),
    ] as [([String], Int, [String])])
  func findings(schedules: [String], epochs: Int, expected: [String]) {
    let steps = schedules.enumerated().map { index, text in
      let words = text.split(separator: " ")
      let length = words.count > 1 ? Int(words[1]) : nil
      return switch words[0] {
      case "warmup": warmup(length ?? 0, line: index + 1)
      case "falling": warmup(length ?? 0, from: 0.2, line: index + 1)
      case "rising": cosine(to: 0.2, epochs: length, line: index + 1)
      default: cosine(to: 0, epochs: length, line: index + 1)
      }
    }
    let found = LearningRateSchedule.diagnostics(for: steps, baseRate: 0.1, momentum: 0.9, epochs: epochs)
    #expect(found.map { "\($0.span?.start.line ?? 0) \($0.severity) \($0.id)" } == expected)
  }

  @Test func everyKindHasAnExampleAndAFormula() {
    for kind in ScheduleCatalog.kinds + OptimizerCatalog.kinds + LossCatalog.kinds {
      #expect(kind.example.contains(kind.name))
      #expect(!kind.formula.isEmpty)
    }
  }
}
